package import BlueGreen

/// Where progress goes: a terminal, a pipe, a CI job's log.
package protocol Reporter: Sendable {
    func report(_ event: ProgressEvent)
}

/// Progress that a caller may want to see while it waits.
package enum ProgressEvent: Hashable, Sendable {
    case began(Deployment)
    /// - Parameter phase: the word for people.
    case entered(phase: String)
    /// As it stands after each step.
    case advanced(Deployment)
    /// The host has a rest before the next start, at least until the moment.
    case resting(until: Timestamp)
    case starting(Replica)
    /// It runs already and is left alone.
    case leftAlone(Replica)
    /// - Parameter bound: what it was waited for; nil where it had only to run.
    case up(Replica, after: Duration, WaitBound?)
    case room(RoomReport)
    /// The host is out of bounds before the next start. Sent again when its figures change, at most
    /// once a second.
    case settling([Strain])
    /// The rest before the next start is over, and lasted more than a second.
    case rested(Duration, Waits)
    /// A replica is not ready; sent when its reason changes, not for every probe.
    case waiting(for: Replica, ProbeFailure?)
    case draining(Colour, RemainingTraffic)
    /// Sent for every look, about once a second.
    case observed(ObservationStage, Observation, of: Deployment, until: Timestamp)
    /// The run ends here; a person has the word.
    case awaitingPromotion(Deployment)
    case note(String)
    case warning(String)
    /// One line of an outside program's own progress, as of a pull or a build.
    case output(String)
    case finished(Deployment)
}
