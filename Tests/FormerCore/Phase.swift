@testable import BlueGreen

/// Where a deployment stands. A phase is left only by the result of its step.
enum Phase: Hashable, Codable, Sendable {
    /// Have and need of the host's memory are compared; nothing is changed yet.
    case checkingRoom
    /// Images, networks and containers are made; nothing runs yet.
    case preparing
    /// From here on nginx writes down what the previous colour answers.
    case watchingBefore
    /// The two sets do not fit side by side: traffic is taken away, and nginx answers 503.
    case takingDown
    case confirmingDown
    /// Requests in flight to the previous colour end before it is stopped.
    case drainingDown(until: Timestamp)
    case stoppingPrevious
    /// The container at this index of the start order is to be started.
    case starting(Int)
    /// The container at this index was started and is not known to be up.
    case probing(Int)
    /// The host has a rest before the container at this index is started: at least until the
    /// moment, then until it has settled.
    case pausing(Int, until: Timestamp)
    /// Everything was up once; all of it is looked at together before traffic comes.
    case verifying
    case arming
    /// This one of the hooks of the point is run.
    case runningHook(HookPoint, Int)
    /// Hooks ran since all of the candidate was looked at: it is looked at once more.
    case verifyingAgain
    /// What the candidate will be compared with is read.
    case measuringBefore
    /// A person says whether the candidate gets traffic, until the moment.
    case waiting(until: Timestamp)
    /// The candidate gets the share of this step of the canary.
    case diverting(Int)
    case confirmingDiversion(Int)
    case watchingCanary(Int)
    /// Both colours are looked at side by side.
    case observingCanary(Int, until: Timestamp)
    case switching
    case confirming
    case watchingBake
    /// The candidate has all of the traffic and may lose it again.
    case baking(until: Timestamp)
    case endingBake
    case draining(until: Timestamp)
    /// The previous colour's singletons end before the candidate's are started.
    case stoppingSingletons
    case handingOver(Launch)
    case retiring
    /// Failed before the switch: the candidate is taken away.
    case cleaningUp
    /// The candidate has or had the place of the previous set: traffic is taken away again.
    case withdrawing
    /// The candidate's containers go next: nginx must not route to them any more.
    case confirmingWithdrawal
    /// The previous set, stopped to make room, is started again.
    case restoring(Launch)
    /// Failed after the switch: traffic goes back.
    case switchingBack
    case confirmingBack
    /// Requests in flight to a candidate that had traffic end before it is taken away.
    case drainingBack(until: Timestamp)
    /// The candidate's singletons end before the previous colour's are started again.
    case stoppingSingletonsBack
    /// Traffic is back; the candidate is taken away.
    case cleaningUpBehind
    case handingBack(Launch)
    case finished(Outcome)

    /// The word for history and progress; stable, since `--json` prints it.
    var name: String {
        switch self {
        case .checkingRoom, .preparing, .watchingBefore: "preparing"
        case .takingDown, .confirmingDown, .drainingDown, .stoppingPrevious: "making room"
        case .starting, .pausing: "starting"
        case .probing, .verifying, .verifyingAgain, .measuringBefore: "probing"
        case .arming: "arming"
        case .runningHook(let point, _): point.phaseName
        case .waiting: "waiting"
        case .diverting, .confirmingDiversion, .watchingCanary, .observingCanary: "canary"
        case .switching: "switching"
        case .confirming: "confirming"
        case .watchingBake, .baking, .endingBake: "baking"
        case .draining: "draining"
        case .stoppingSingletons, .handingOver: "handing over"
        case .retiring: "retiring"
        case .cleaningUp, .cleaningUpBehind: "cleaning up"
        case .withdrawing, .confirmingWithdrawal: "withdrawing"
        case .restoring: "restoring"
        case .switchingBack: "switching back"
        case .confirmingBack: "confirming back"
        case .drainingBack: "draining back"
        case .stoppingSingletonsBack, .handingBack: "handing back"
        case .finished(let outcome): outcome.rawValue
        }
    }
}

/// How a deployment ended.
enum Outcome: String, Codable, Sendable {
    /// The candidate has traffic.
    case promoted
    /// Failed before the switch: whoever had traffic still has it.
    case aborted
    /// Traffic was away from the previous colour, and is back on it.
    case rolledBack
    /// Traffic could not be shown to be anywhere: a person has to look.
    case unknown
}
