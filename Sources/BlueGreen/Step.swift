/// One act of a deployment. Every step is idempotent: doing it again after a crash is harmless.
package enum Step: Hashable, Sendable {
    /// Read the compose file as it is now, and record the release.
    case resolve
    /// Look for all that has to be put right before anything is touched.
    case preflight
    /// Compare the candidate's need of memory with the memory that is there.
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
    /// Ask each exposed service of the colour once by way of the running nginx.
    case probeEdge(Colour)
    /// Move traffic.
    case route(Division)
    /// Prove that the running nginx divides requests like this.
    case confirm(Division)
    /// Have nginx write down what it answers, at most until the moment.
    case beginWatch(until: Timestamp)
    /// One look at the colours that have traffic; comes again until the stage is over.
    case observe(ObservationStage, until: Timestamp)
    case endWatch
    case drain(Colour, until: Timestamp)
    /// Stop a colour without traffic; its containers stay.
    case stop(Colour)
    /// Stop the services that may run in one colour only, if they run in this one.
    case stopSingletons(Colour)
    /// Show that nginx sends requests to the candidate and that it is alive, until the moment.
    case prove(until: Timestamp)
    case retire(Colour, PreviousColour)
    case cleanUp(Colour)
}

/// The result of a step.
package enum StepResult: Hashable, Sendable {
    case done
    /// The aim of the step was reached before it began.
    case unneeded
    /// Done, with something that the caller of Teal should know.
    case doneWithWarning(String)
    /// The candidate's services, in start order.
    case resolved([PlannedService])
    /// Done, after a wait for these bounds.
    case waited(Waits)
    /// The host did not settle in time: the readings out of bounds, and the bounds for the next
    /// wait.
    case unsettled([Strain], SettleBounds, Waits = Waits())
    case observed(Observation)
    /// The candidate does not fit beside the previous colour.
    case noRoom(RoomReport)
    /// It does not fit on the hosts of a cluster.
    case noRoomOnNodes(NodesRoom)
    case failed(Failure)
    /// A signal asked for an end before the step had one.
    case interrupted(signal: String)
}

/// The present demand of a deployment.
package enum Next: Hashable, Sendable {
    case perform(Step)
    /// Nothing is done: a person has to answer, until the moment.
    case waitForPerson(until: Timestamp)
    case ended(Outcome)

    package var step: Step? {
        if case .perform(let step) = self { step } else { nil }
    }
}

/// How a deployment ended.
package enum Outcome: String, Codable, Sendable {
    /// The candidate has traffic.
    case promoted
    /// Failed before the switch: the colour that had traffic still has it.
    case aborted
    /// Traffic was away from the previous colour, and is back on it.
    case rolledBack
    /// Traffic could not be shown to be anywhere: a person has to look.
    case unknown
}
