@testable import BlueGreen

/// One act of a deployment. Every step is idempotent: doing it again after a crash is harmless.
enum Step: Hashable, Sendable {
    /// Compare what the candidate needs of memory with what is there.
    case checkRoom
    /// Get images, make networks, write the container set, create the candidate's containers.
    case prepare
    case start(PlannedReplica, of: Placement)
    /// Probe until the container is up, or cannot be any more.
    case awaitUp(PlannedReplica, of: Placement)
    /// Wait at least until the one moment, then until the host is within bounds, at most until
    /// the other.
    case settle(SettleBounds, notBefore: Timestamp, until: Timestamp)
    /// Look at the whole candidate once more.
    case verify
    case runHook(Hook, HookPoint)
    /// Give nginx the candidate's addresses.
    case arm(Colour)
    /// Move traffic; nil takes it from both colours, and nginx answers 503.
    case switchTraffic(to: Colour?)
    /// Prove that the running nginx routes there.
    case confirm(Colour?)
    /// Have nginx write down what it answers, at most until the moment.
    case beginWatch(until: Timestamp)
    /// One look at whoever has traffic; comes again until the stage is over.
    case observe(ObservationStage, until: Timestamp)
    case endWatch
    /// Give the colour a share of the requests, and leave the rest where they are.
    case divert(Share, to: Colour)
    case confirmDiversion(Share, to: Colour)
    /// Nothing is done: a person has the word, until the moment.
    case awaitPromotion(until: Timestamp)
    case drain(Colour, until: Timestamp)
    /// Stop a colour without traffic; its containers stay.
    case stop(Colour)
    /// Stop what may run in one colour only, where it runs in this one.
    case stopSingletons(Colour)
    case retire(Colour, PreviousColour)
    case cleanUp(Colour)
}

/// What came of a step.
enum StepResult: Hashable, Sendable {
    case done
    /// What was to be reached held before.
    case unneeded
    /// Done, with something that the caller of Teal should know.
    case doneWithWarning(String)
    /// The host did not settle in time: what was out of bounds, and the bounds for the next wait.
    case unsettled([Strain], SettleBounds)
    case observed(Observation)
    /// The candidate does not fit beside the previous colour.
    case noRoom(RoomReport)
    case failed(Failure)
    /// A signal asked for an end before the step had one.
    case interrupted(signal: String)
}
