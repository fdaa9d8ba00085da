package import BlueGreen

/// Where a deployment stands, as tests name it.
package enum Spot: Hashable, Sendable {
    package enum Start: Hashable, Sendable {
        case starting(Int)
        case probing(Int)
        case resting(Int)
    }

    case openingHook(Int)
    case resolving
    case preflight
    case checkingRoom
    case preparing
    case watchingBefore
    /// All of the candidate's containers before the switch are counted together.
    case launching(Start)
    case hook(HookPoint, Int)
    case takingDown
    case confirmingDown
    case drainingDown
    case stoppingPrevious
    /// The first look at the whole set.
    case verifying
    /// nginx has the addresses already.
    case verifyingAgain
    case arming
    case probingEdge
    case measuringBefore
    case waiting
    case diverting
    case confirmingDiversion
    case watchingCanary
    case observingCanary
    case switching
    case confirming
    case watchingBake
    case baking
    case endingBake
    case draining
    case proving
    case stoppingSingletons
    case handingOver(Start)
    case retiring
    case withdrawing
    case confirmingWithdrawal
    case cleaningUp
    case restoring(Start)
    case switchingBack
    case confirmingBack
    case drainingBack
    case stoppingSingletonsBack
    case handingBack(Start)
    case ended(Outcome)

    package static func starting(_ index: Int) -> Spot { .launching(.starting(index)) }
    package static func probing(_ index: Int) -> Spot { .launching(.probing(index)) }

    package init(_ deployment: Deployment) {
        switch deployment.state {
        case .ended(let outcome, _): self = .ended(outcome)
        case .underway(let position): self = Self.spot(at: position, of: deployment)
        }
    }

    private static func spot(at position: Position, of deployment: Deployment) -> Spot {
        let isForward = position.way == .forward
        let isProved = position.mark == .confirming
        switch position.stage {
        case .openingHooks: return .openingHook(position.mark.index)
        case .resolve: return .resolving
        case .preflight: return .preflight
        case .checkRoom: return .checkingRoom
        case .prepare: return .preparing
        case .beginBaseline: return .watchingBefore
        case .hooks(let point): return .hook(point, position.mark.index)
        case .launch(let cohort): return spot(launching: cohort, position.mark, deployment)
        case .verify: return position.remaining.first == .arm ? .verifying : .verifyingAgain
        case .arm: return .arming
        case .probeEdge: return .probingEdge
        case .endBaseline: return .measuringBefore
        case .approval: return .waiting
        case .route(.share): return isProved ? .confirmingDiversion : .diverting
        case .route(.nobody) where isForward: return isProved ? .confirmingDown : .takingDown
        case .route(.nobody) where deployment.previous != nil:
            return isProved ? .confirmingWithdrawal : .withdrawing
        case .route where isForward: return isProved ? .confirming : .switching
        case .route: return isProved ? .confirmingBack : .switchingBack
        case .watch(.canary):
            return position.mark == .begun ? .watchingCanary : .observingCanary
        case .watch:
            return position.mark == .begun
                ? .watchingBake : position.mark == .ending ? .endingBake : .baking
        case .drain(.candidate): return .drainingBack
        case .drain(.previous): return deployment.stopsFirst ? .drainingDown : .draining
        case .stop(.previous, .all): return .stoppingPrevious
        case .stop(.previous, .singletons): return .stoppingSingletons
        case .stop(.candidate, _): return .stoppingSingletonsBack
        case .prove: return .proving
        case .retire: return .retiring
        case .cleanUp: return .cleaningUp
        }
    }

    private static func spot(
        launching cohort: Cohort, _ mark: Mark, _ deployment: Deployment
    ) -> Spot {
        let shared = deployment.order.ordinary.prefix { $0.service.role == .shared }.count
        guard case .launching(let launch) = mark else { return .launching(.starting(0)) }
        switch cohort {
        case .shared: return .launching(Start(launch, 0))
        case .coloured: return .launching(Start(launch, shared))
        case .singletons: return .handingOver(Start(launch, 0))
        case .previous: return .restoring(Start(launch, 0))
        case .previousSingletons: return .handingBack(Start(launch, 0))
        }
    }
}

extension Spot.Start {
    fileprivate init(_ launch: Launch, _ offset: Int) {
        let index = launch.index + offset
        switch launch.state {
        case .starting: self = .starting(index)
        case .probing: self = .probing(index)
        case .resting: self = .resting(index)
        }
    }
}

extension Mark {
    fileprivate var index: Int {
        if case .hook(let index) = self { index } else { 0 }
    }
}
