/// The order of a deploy and of the way back: everything that is done, in this order.
extension Order {
    /// The whole way of a deployment, as far as is known of it now.
    func forward(_ facts: Facts) -> [Stage] {
        if resolved == nil { return ([.openingHooks, .resolve] as [Stage]).filter(isNeeded) }
        var plan: [Stage] = [.preflight]
        switch kind {
        case .warmRollback: break
        case .deploy, .coldRollback:
            plan += [.checkRoom, .prepare]
            plan += measuresBefore(facts) ? [.beginBaseline] : []
            // A hook that fails should not have cost anybody's traffic.
            plan +=
                facts.fit == .alone
                ? [.hooks(.beforeStart)] + makeRoom + [.launch(.shared), .launch(.coloured)]
                : [.launch(.shared), .hooks(.beforeStart), .launch(.coloured)]
        }
        plan += [.verify, .arm, .probeEdge]
        // Hooks before the switch may take minutes, so the candidate is looked at again.
        plan += hooks(at: .beforeSwitch).isEmpty ? [] : [.hooks(.beforeSwitch), .verify]
        plan += measuresBefore(facts) ? [.endBaseline] : []
        plan += asksAPerson ? [.approval, .arm, .probeEdge, .verify] : []
        for share in canarySteps(facts.fit) {
            plan += [.route(.share(share, to: candidate.colour)), .watch(.canary(share))]
        }
        return (plan + [.route(.all(candidate.colour))] + afterSwitch(facts)).filter(isNeeded)
    }

    /// The two sets do not fit side by side: nginx answers 503 from here to the switch.
    private var makeRoom: [Stage] { [.route(.nobody), .drain(.previous), .stop(.previous, .all)] }

    /// The rest of the way once the candidate has all of the traffic. A run that takes the
    /// deployment up does not do again what was done.
    func afterSwitch(_ facts: Facts) -> [Stage] {
        if facts.has(.beganToRetire) { return [.retire, .hooks(.afterRetire)].filter(isNeeded) }
        var plan: [Stage] = facts.has(.passedSwitchHooks) ? [] : [.hooks(.afterSwitch)]
        plan += bakes && !facts.has(.beganToEnd) ? [.watch(.bake)] : []
        // A set that made room has nothing to drain.
        plan += facts.fit == .alone ? [] : [.drain(.previous)]
        // From here on the previous colour loses what it would need to take traffic back.
        plan += [.prove, .stop(.previous, .singletons), .launch(.singletons), .retire]
        return (plan + [.hooks(.afterRetire)]).filter(isNeeded)
    }

    /// The way back from wherever the deployment stands.
    func back(_ facts: Facts) -> [Stage] {
        let division = Division(previous?.colour)
        if facts.has(.madeRoom) {
            // The candidate goes before the previous set comes back.
            let away: [Stage] = [.route(.nobody), .stop(.candidate, .singletons)]
            let restored: [Stage] = [
                .cleanUp, .launch(.previous), .route(division), .cleanUp,
                .launch(.previousSingletons),
            ]
            return ((facts.has(.exposed) ? away : []) + restored).filter(isNeeded)
        }
        guard facts.has(.exposed) else {
            // The containers of a warm rollback ran before it and stay.
            return kind == .warmRollback || resolved == nil ? [] : [.cleanUp]
        }
        return [
            .route(division), .drain(.candidate), .stop(.candidate, .singletons), .cleanUp,
            .launch(.previousSingletons),
        ].filter(isNeeded)
    }

    /// A stage with nothing to do is none.
    private func isNeeded(_ stage: Stage) -> Bool {
        switch stage {
        case .hooks(let point): !hooks(at: point).isEmpty
        case .launch(let cohort): !containers(of: cohort).isEmpty
        case .drain(.previous), .stop(.previous, .all), .retire, .drain(.candidate):
            previous != nil
        case .stop(.previous, .singletons): previous != nil && !singletonServices.isEmpty
        case .stop(.candidate, _): !singletonServices.isEmpty
        // Sets that are kept running stay so, whatever a way back to one of them came to.
        case .cleanUp: kind != .warmRollback || settings.previous != .running
        case .openingHooks: !settings.hooks.opening.isEmpty
        case .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .verify, .arm,
            .probeEdge, .endBaseline, .approval, .route, .watch, .prove:
            true
        }
    }

    private func measuresBefore(_ facts: Facts) -> Bool {
        facts.fit != .alone && (bakes || !canarySteps(facts.fit).isEmpty)
    }

    private var asksAPerson: Bool { kind == .deploy && settings.promotion != .auto }
}
