/// One act of a deployment. Every step is idempotent: doing it again after a crash is harmless.
package enum Step: Hashable, Sendable {
    /// Get images, make networks, write the container set, create the candidate's containers.
    case prepare
    case start(PlannedService)
    /// Probe until the service is up, or cannot be any more.
    case awaitUp(PlannedService)
    case wait(until: Timestamp)
    /// Look at the whole candidate once more.
    case verify
    /// Give nginx the candidate's addresses.
    case arm(Colour)
    /// Move traffic; nil takes it from both colours, where there was none before.
    case switchTraffic(to: Colour?)
    /// Prove that the running nginx routes there.
    case confirm(Colour?)
    case drain(Colour, until: Timestamp)
    case retire(Colour, PreviousColour)
    case cleanUp(Colour)
}

/// What came of a step.
package enum StepResult: Hashable, Sendable {
    case done
    /// Done, with something that the caller of Teal should know.
    case doneWithWarning(String)
    case failed(Failure)
    /// A signal asked for an end before the step had one.
    case interrupted(signal: String)
}
