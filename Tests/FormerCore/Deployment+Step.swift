@testable import BlueGreen

extension FormerCoreDeployment {
    /// What to do now; nil when the deployment is finished.
    func nextStep(at now: Timestamp) -> Step? {
        switch phase {
        case .checkingRoom: .checkRoom
        case .preparing: .prepare
        case .watchingBefore: .beginWatch(until: now + Self.longestMeasure)
        case .takingDown, .withdrawing: .switchTraffic(to: nil)
        case .confirmingDown, .confirmingWithdrawal: .confirm(nil)
        case .drainingDown(let until): previous.map { .drain($0.colour, until: until) }
        case .stoppingPrevious: previous.map { .stop($0.colour) }
        case .starting(let index): step(of: .starting(index), ordinary, candidate)
        case .probing(let index): step(of: .probing(index), ordinary, candidate)
        case .pausing(let index, let until):
            step(of: .pausing(index, until: until), ordinary, candidate)
        case .verifying, .verifyingAgain: .verify
        case .runningHook(let point, let index): .runHook(hooks(at: point)[index], point)
        case .arming: .arm(candidate.colour)
        case .measuringBefore:
            .observe(.before, until: (measuredSince ?? now) + Self.shortestMeasure)
        case .waiting(let until): .awaitPromotion(until: until)
        case .diverting(let index): .divert(canarySteps[index], to: candidate.colour)
        case .confirmingDiversion(let index):
            .confirmDiversion(canarySteps[index], to: candidate.colour)
        case .watchingCanary: .beginWatch(until: now + settings.canary.every + Self.margin)
        case .observingCanary(let index, let until):
            .observe(.canary(canarySteps[index]), until: until)
        case .switching: .switchTraffic(to: candidate.colour)
        case .confirming: .confirm(candidate.colour)
        case .watchingBake: .beginWatch(until: bakeEnd(at: now) + Self.margin)
        case .baking(let until): .observe(.bake, until: until)
        case .endingBake: .endWatch
        case .draining(let until): previous.map { .drain($0.colour, until: until) }
        case .stoppingSingletons: previous.map { .stopSingletons($0.colour) }
        case .handingOver(let launch): step(of: launch, singletons, candidate)
        case .retiring: previous.map { .retire($0.colour, settings.previous) }
        case .cleaningUp, .cleaningUpBehind:
            keepsCandidate ?? false ? .stop(candidate.colour) : .cleanUp(candidate.colour)
        case .restoring(let launch): previous.flatMap { step(of: launch, previousOrdinary, $0) }
        case .switchingBack: .switchTraffic(to: previous?.colour)
        case .confirmingBack: .confirm(previous?.colour)
        case .drainingBack(let until): .drain(candidate.colour, until: until)
        case .stoppingSingletonsBack: .stopSingletons(candidate.colour)
        case .handingBack(let launch): previous.flatMap { step(of: launch, previousSingletons, $0) }
        case .finished: nil
        }
    }

    /// What starts before the switch.
    var ordinary: [PlannedReplica] { services.filter { !runsOnce($0) }.containers }

    /// What runs in one colour at a time and starts after the switch.
    var singletons: [PlannedReplica] { services.filter(runsOnce).containers }

    /// What is started again where the previous set was stopped; the shared services never were.
    var previousOrdinary: [PlannedReplica] {
        (previousServices ?? []).filter { $0.role == .exposed || $0.role == .internal }
            .filter { !$0.isOneShot }.containers
    }

    /// What the previous colour ran of what runs in one colour at a time; what has done its work
    /// there is not done again.
    var previousSingletons: [PlannedReplica] {
        (previousServices ?? []).filter { runsOnce($0) && !$0.isOneShot }.containers
    }

    /// What either release says may run in one colour at a time.
    var singletonServices: Set<String> {
        Set((services + (previousServices ?? [])).filter { $0.role == .singleton }.map(\.name))
    }

    /// Whether the service is started only after the other colour's was stopped. One release's
    /// word is enough: a service that became a singleton, or was one, may not run beside itself
    /// while traffic moves between the two. One that nginx sends requests to is up on both sides
    /// of the switch whatever the other release says of it.
    func runsOnce(_ service: PlannedService) -> Bool {
        switch service.role {
        case .singleton: true
        case .internal: singletonServices.contains(service.name)
        case .exposed, .shared: false
        }
    }

    private func step(
        of launch: Launch, _ containers: [PlannedReplica], _ placement: Placement
    ) -> Step {
        switch launch {
        case .starting(let index): .start(containers[index], of: placement)
        case .probing(let index): .awaitUp(containers[index], of: placement)
        case .pausing(_, let until):
            .settle(
                bounds ?? settings.settle, notBefore: until,
                until: until + settings.startAtMost)
        }
    }
}
