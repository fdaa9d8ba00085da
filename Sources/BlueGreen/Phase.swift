/// Where a deployment stands. A phase is left only by the result of its step.
package enum Phase: Hashable, Codable, Sendable {
    /// Images, networks and containers are made; nothing runs yet.
    case preparing
    /// The service at this index of the start order is to be started.
    case starting(Int)
    /// The service at this index was started and is not known to be up.
    case probing(Int)
    /// The host has a rest before the service at this index is started.
    case pausing(Int, until: Timestamp)
    /// Every service was up once; all of them are looked at together before traffic comes.
    case verifying
    case arming
    case switching
    case confirming
    case draining(until: Timestamp)
    case retiring
    /// Failed before the switch: the candidate is taken away.
    case cleaningUp
    /// Failed after the switch: traffic goes back.
    case switchingBack
    case confirmingBack
    /// Traffic is back; the candidate is taken away.
    case cleaningUpBehind
    case finished(Outcome)

    /// The word for history and progress; stable, since `--json` prints it.
    package var name: String {
        switch self {
        case .preparing: "preparing"
        case .starting, .pausing: "starting"
        case .probing, .verifying: "probing"
        case .arming: "arming"
        case .switching: "switching"
        case .confirming: "confirming"
        case .draining: "draining"
        case .retiring: "retiring"
        case .cleaningUp, .cleaningUpBehind: "cleaning up"
        case .switchingBack: "switching back"
        case .confirmingBack: "confirming back"
        case .finished(let outcome): outcome.rawValue
        }
    }
}

/// How a deployment ended.
package enum Outcome: String, Codable, Sendable {
    /// The candidate has traffic.
    case promoted
    /// Failed before the switch: whoever had traffic still has it.
    case aborted
    /// Failed after the switch: traffic is back on the previous colour.
    case rolledBack
    /// Traffic could not be shown to be anywhere: a person has to look.
    case unknown
}
