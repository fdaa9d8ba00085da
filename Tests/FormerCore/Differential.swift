@testable import BlueGreen

/// Drives the former and the present core with the same results, and compares all that they say.
struct Differential {
    var random: UInt64
    var steps = 0
    var crashes = 0
    var outcomes: [String: Int] = [:]
    /// Costs ten times the life itself, so it is asked for once a life went wrong.
    var isTelling = false
    private var trail: [String] = []

    private mutating func tell(_ line: @autoclosure () -> String) {
        if isTelling { trail.append(line()) }
    }

    init(seed: UInt64) { random = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random
    }
    mutating func one(in n: UInt64) -> Bool { next() >> 11 % n == 0 }
    mutating func pick<T>(_ a: [T]) -> T { a[Int(next() >> 11 % UInt64(a.count))] }

    mutating func order() -> Order {
        let kind: DeploymentKind = pick([.deploy, .deploy, .deploy, .warmRollback, .coldRollback])
        let before = Placement(colour: .blue, release: ReleaseID(at: t0, entropy: 1))
        let previous: Placement? = kind == .deploy && one(in: 4) ? nil : before
        let candidate = Placement(
            colour: previous?.colour.other ?? .blue, release: ReleaseID(at: t0, entropy: 2))
        func hooks(_ me: inout Self, _ n: String) -> [Hook] {
            me.pick([[], [], [Hook([n])], [Hook([n], in: .service("web")), Hook([n + "2"])]])
        }
        let settings = DeploymentSettings(
            startPause: pick([.zero, .seconds(3)]), startAtMost: pick([.zero, .seconds(60)]),
            room: pick([.refuse, .warn, .stopFirst, .stopFirst]), drain: pick([.zero, .seconds(30)]),
            previous: pick([.running, .stopped, .removed]), releases: 3,
            hooks: Hooks(
                beforeStart: hooks(&self, "a"), beforeSwitch: hooks(&self, "b"),
                afterSwitch: hooks(&self, "c"), afterRetire: hooks(&self, "d")),
            bake: pick([.none, Bake(duration: .seconds(5))]),
            canary: pick([
                Canary(),
                Canary(
                    steps: [Share(percent: 10), Share(percent: 50)], every: .seconds(4)),
            ]),
            promotion: pick([.auto, .auto, .manual(within: .seconds(60))]))
        return Order(
            number: 7, kind: kind, candidate: candidate, label: nil, previous: previous,
            services: services(),
            previousServices: previous == nil ? nil : one(in: 6) ? nil : services(),
            settings: settings)
    }

    mutating func services() -> [PlannedService] {
        var list: [PlannedService] = []
        if one(in: 2) { list.append(PlannedService(name: "db", role: .shared)) }
        if one(in: 3) { list.append(PlannedService(name: "cache", role: .shared)) }
        if one(in: 2) { list.append(PlannedService(name: "api", role: .internal)) }
        if one(in: 4) { list.append(PlannedService(name: "late", role: .shared)) }
        if one(in: 2) {
            list.append(
                PlannedService(name: "worker", role: pick([.singleton, .singleton, .internal])))
        }
        if one(in: 4) {
            list.append(PlannedService(name: "job", role: .internal, isOneShot: true))
        }
        if one(in: 4) { list.append(PlannedService(name: "timer", role: .singleton)) }
        list.append(
            PlannedService(name: "web", role: .exposed, replicas: one(in: 2) ? 2 : 1, port: 80))
        return list
    }

    let t0 = Timestamp(milliseconds: 1_800_000_000_000)

    mutating func result(
        _ step: BlueGreen.Step, interruptible: Bool, faults: UInt64
    ) -> BlueGreen.StepResult {
        if interruptible, one(in: 60) { return .interrupted(signal: pick(["SIGTERM", "SIGINT"])) }
        if one(in: faults) {
            return .failed(
                Failure(.step(phase: "any"), "It failed at draw \(next())."))
        }
        switch step {
        case .checkRoom:
            switch next() >> 11 % 4 {
            case 0:
                return .noRoom(
                    RoomReport(
                        needs: [
                            RoomNeed(
                                service: "web", replicas: 1, each: .mebibytes(40), source: .seen)
                        ], memoryAvailable: .mebibytes(20),
                        heldByPrevious: .mebibytes(one(in: 3) ? 1 : 100)))
            case 1: return .doneWithWarning("Not known.")
            default: return .done
            }
        case .start: return one(in: 4) ? .unneeded : .done
        case .settle:
            return one(in: 4)
                ? .unsettled(
                    [.memory(free: .mebibytes(1), wanted: .mebibytes(2))],
                    SettleBounds(memoryFree: .mebibytes(1)))
                : .done
        case .observe:
            let bad = one(in: 12)
            return .observed(
                Observation(
                    candidate: one(in: 5)
                        ? nil : RequestFigures(requests: 100, errors: bad ? 50 : 0),
                    previous: one(in: 5)
                        ? nil : RequestFigures(requests: one(in: 2) ? 5 : 100, errors: 0),
                    trouble: one(in: 25) ? Failure(.breach, "Trouble.") : nil,
                    warnings: one(in: 8) ? ["Blind."] : []))
        case .drain: return one(in: 6) ? .doneWithWarning("Still open.") : .done
        default: return .done
        }
    }

    /// nil where both agree from the beginning to the end.
    mutating func live() -> String? {
        let order = order()
        let faults: UInt64 = pick([8, 20, 60, 1000])
        let crashRate: UInt64 = pick([15, 60, 100_000])
        var old = FormerCoreDeployment(order, at: t0)
        var new = BlueGreen.Deployment(order, at: t0)
        var now = t0
        trail = []
        for _ in 0..<160 {
            if new.outcome == nil, one(in: crashRate) {
                let live = pick([order.previous?.colour, order.candidate.colour, nil])
                tell("crash with \(live?.rawValue ?? "none")")
                crashes += 1
                old.recover(live: live, at: now)
                new.recover(live: live, at: now)
            }
            let wanted = old.nextStep(at: now)
            let got = new.next(at: now)
            if let wrong = compare(old, new, wanted, got) {
                return "\(wrong)\n\(order)\n\(trail.joined(separator: "\n"))"
            }
            steps += 1
            now = now + .milliseconds(pick([0, 10, 1000, 5000]))
            switch got {
            case .ended(let outcome):
                outcomes["\(order.kind) \(outcome)", default: 0] += 1
                if outcome == .unknown, new.facts.has(.madeRoom), one(in: 2) {
                    tell("resume")
                    old.resume(at: now)
                    new.resume(at: now)
                } else if outcome == .rolledBack, new.facts.losses.contains(.singleton),
                    one(in: 2)
                {
                    tell("resume handing back")
                    old.resumeHandingBack(at: now)
                    new.resumeHandingBack(at: now)
                } else {
                    return nil
                }
            case .waitForPerson(let until):
                switch next() >> 11 % 4 {
                case 0:
                    tell("abort")
                    old.answer(.abort(reason: "No."), at: now)
                    new.answer(.abort(reason: "No."), at: now)
                case 1:
                    tell("expire")
                    now = until
                    old.expire(at: now)
                    new.expire(at: now)
                default:
                    tell("promote")
                    if one(in: 10) { now = until + .seconds(1) }
                    old.answer(.promote, at: now)
                    new.answer(.promote, at: now)
                }
            case .perform(let step):
                let result = result(step, interruptible: new.isInterruptible, faults: faults)
                tell("\(new.phaseName): \(step) -> \(result)")
                if case .observe(_, let until) = step, one(in: 2) { now = max(now, until) }
                if let wanted {
                    old.record(result.former, of: wanted, at: now)
                }
                new.record(result, at: now)
            }
        }
        return nil
    }

    func compare(
        _ old: FormerCoreDeployment, _ new: BlueGreen.Deployment, _ wanted: Step?,
        _ got: BlueGreen.Next
    ) -> String? {
        switch got {
        case .ended(let outcome):
            guard wanted == nil, old.outcome?.rawValue == outcome.rawValue else {
                return "ended \(outcome), formerly \(String(describing: old.outcome))"
            }
        case .waitForPerson(let until):
            guard wanted == .awaitPromotion(until: until) else { return "waits" }
        case .perform(let step):
            guard wanted?.present == step else {
                return "\(step), formerly \(String(describing: wanted)) in \(old.phase)"
            }
        }
        if old.phase.name != new.phaseName { return "\(new.phaseName), formerly \(old.phase.name)" }
        if old.phases.map(\.name) != new.phases.map(\.name) { return "phases \(new.phases.map(\.name)), formerly \(old.phases.map(\.name))" }
        if old.phases.map(\.at) != new.phases.map(\.at) { return "moments" }
        if old.failure != new.failure {
            return "failure \(String(describing: new.failure)), formerly \(String(describing: old.failure))"
        }
        var warnings: [String] = []
        for warning in old.warnings where !warnings.contains(warning) { warnings.append(warning) }
        if warnings != new.warnings.map(\.message) {
            return "warnings \(new.warnings.map(\.message)), formerly \(warnings)"
        }
        if old.isInterruptible != new.isInterruptible { return "interruptible" }
        if old.hasMadeRoom != new.facts.has(.madeRoom) { return "made room" }
        if old.stopsFirst != new.stopsFirst { return "stops first" }
        if old.mayFitAlone != (new.facts.fit != .never) { return "fits alone" }
        // Formerly a clean-up on the way back to a set that made room was told apart by its phase.
        let isQuirk = old.phase == .cleaningUp && old.hasMadeRoom
        if !isQuirk, old.isPastSwitch != new.isPastSwitch { return "past switch in \(old.phase)" }
        if (old.isImpaired ?? false) != new.facts.losses.contains(.servingReplica) { return "impaired" }
        if (old.hasLostSingletons ?? false) != new.facts.losses.contains(.singleton) { return "lost" }
        if (old.observed ?? []) != new.facts.observed { return "observed" }
        if old.baseline != new.facts.baseline { return "baseline" }
        if (old.keepsCandidate ?? false) != new.facts.has(.breached) { return "keeps" }
        if old.switchedAt != new.facts.milestones[.switched] { return "switched at" }
        if old.finishedAt != new.finishedAt, new.outcome != nil { return "finished at" }
        if old.waitsUntil != new.waitsUntil { return "waits until" }
        return nil
    }
}

extension Step {
    var present: BlueGreen.Step? {
        switch self {
        case .checkRoom: return .checkRoom
        case .prepare: return .prepare
        case .start(let r, let p): return .start(r, of: p)
        case .awaitUp(let r, let p): return .awaitUp(r, of: p)
        case .settle(let b, let n, let u): return .settle(b, notBefore: n, until: u)
        case .verify: return .verify
        case .runHook(let h, let p): return .runHook(h, p)
        case .arm(let c): return .arm(c)
        case .switchTraffic(let c): return .route(Division(c))
        case .confirm(let c): return .confirm(Division(c))
        case .beginWatch(let u): return .beginWatch(until: u)
        case .observe(let s, let u): return .observe(s, until: u)
        case .endWatch: return .endWatch
        case .divert(let s, let c): return .route(.share(s, to: c))
        case .confirmDiversion(let s, let c): return .confirm(.share(s, to: c))
        case .awaitPromotion: return nil
        case .drain(let c, let u): return .drain(c, until: u)
        case .stop(let c): return .stop(c)
        case .stopSingletons(let c): return .stopSingletons(c)
        case .retire(let c, let f): return .retire(c, f)
        case .cleanUp(let c): return .cleanUp(c)
        }
    }
}

extension BlueGreen.StepResult {
    var former: StepResult {
        switch self {
        case .done, .resolved: .done
        case .unneeded: .unneeded
        case .doneWithWarning(let w): .doneWithWarning(w)
        case .unsettled(let s, let b): .unsettled(s, b)
        case .observed(let o): .observed(o)
        case .noRoom(let r): .noRoom(r)
        case .failed(let f): .failed(f)
        case .interrupted(let s): .interrupted(signal: s)
        }
    }
}
