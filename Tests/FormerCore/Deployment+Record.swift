@testable import BlueGreen

extension FormerCoreDeployment {
    mutating func record(_ result: StepResult, of step: Step, at now: Timestamp) {
        switch result {
        case .done:
            if case .start = step { containerStartedAt = now }
            advance(at: now)
        case .unneeded:
            // Nothing was started, so the host needs no rest after it.
            if case .start = step { containerStartedAt = nil }
            advance(at: now)
        case .doneWithWarning(let warning):
            warn(warning)
            advance(at: now)
        case .unsettled(let strains, let wider):
            bounds = wider
            warn(
                "The host did not settle before `start.at_most` was over, and the start went on: "
                    + strains.map(\.text).joined(separator: "; ") + ".")
            advance(at: now)
        case .observed(let observation):
            observe(observation, at: now)
        case .noRoom(let report):
            makeRoom(report, at: now)
        case .failed(let failure):
            fail(failure, at: now)
        case .interrupted(let signal):
            interrupt(signal: signal, at: now)
        }
    }

    mutating func advance(at now: Timestamp) {
        switch phase {
        case .checkingRoom: enter(.preparing, at: now)
        case .preparing: measuresBefore ? enter(.watchingBefore, at: now) : launch(at: now)
        case .watchingBefore:
            measuredSince = now
            launch(at: now)
        case .runningHook(let point, let index): advance(afterHook: index, of: point, at: now)
        case .takingDown: enter(.confirmingDown, at: now)
        case .confirmingDown: enter(.drainingDown(until: now + settings.drain), at: now)
        case .drainingDown: enter(.stoppingPrevious, at: now)
        case .stoppingPrevious: begin(ordinary, at: now, launching)
        case .starting(let index): go(on: .starting(index), ordinary, at: now, launching)
        case .probing(let index): go(on: .probing(index), ordinary, at: now, launching)
        case .pausing(let index, let until):
            go(on: .pausing(index, until: until), ordinary, at: now, launching)
        case .verifying: enter(.arming, at: now)
        case .arming:
            // What came before a person's word is done, and was done long ago maybe.
            isPromoted ?? false
                ? enter(.verifyingAgain, at: now) : enterHooks(of: .beforeSwitch, at: now)
        case .verifyingAgain: enter(afterVerification(at: now), at: now)
        case .diverting(let index): enter(.confirmingDiversion(index), at: now)
        case .confirmingDiversion(let index): enter(.watchingCanary(index), at: now)
        case .watchingCanary(let index):
            enter(.observingCanary(index, until: now + settings.canary.every), at: now)
        case .switching:
            if switchedAt == nil { switchedAt = now }
            enter(.confirming, at: now)
        case .confirming: enter(afterConfirm(at: now), at: now)
        case .watchingBake: bake(at: now)
        case .endingBake: enter(afterBake(at: now), at: now)
        case .draining: enter(afterDrain, at: now)
        case .stoppingSingletons: begin(singletons, at: now, handingOverOrRetiring)
        case .handingOver(let launch):
            go(on: launch, singletons, at: now, handingOverOrRetiring)
        case .retiring: enterHooks(of: .afterRetire, at: now)
        case .cleaningUp, .withdrawing, .confirmingWithdrawal, .restoring, .switchingBack,
            .confirmingBack, .drainingBack, .stoppingSingletonsBack, .cleaningUpBehind,
            .handingBack:
            advanceBack(at: now)
        case .measuringBefore, .waiting, .observingCanary, .baking, .finished:
            // An observation or a person's word ends these.
            break
        }
    }

    private mutating func launch(at now: Timestamp) {
        // A hook that fails should not have cost anybody's traffic.
        hasToMakeRoom
            ? enterHooks(of: .beforeStart, at: now) : begin(ordinary, at: now, launching)
    }

    /// Whether the previous set still has the place that the candidate needs.
    var hasToMakeRoom: Bool { stopsFirst && previous != nil && !hasMadeRoom }

    /// The candidate's launch. What it shares with the other colour comes first and is up when
    /// the hooks before the start run: a database, on an app's first deployment.
    private var launching: (Launch?) -> Phase {
        let first = Launch.starting(leadingShared)
        let hasHooks = !hooks(at: .beforeStart).isEmpty && !hasMadeRoom
        return { launch in
            hasHooks && launch == first ? .runningHook(.beforeStart, 0) : Phase.launching(launch)
        }
    }

    /// Begins to start containers, or goes on at once where there are none.
    mutating func begin(
        _ containers: [PlannedReplica], at now: Timestamp, _ phase: (Launch?) -> Phase
    ) {
        containerStartedAt = nil
        enter(phase(containers.isEmpty ? nil : .starting(0)), at: now)
    }

    /// One further state of a launch; nil for its end.
    mutating func go(
        on launch: Launch, _ containers: [PlannedReplica], at now: Timestamp,
        _ phase: (Launch?) -> Phase
    ) {
        switch launch {
        case .starting(let index): enter(phase(.probing(index)), at: now)
        case .pausing(let index, _): enter(phase(.starting(index)), at: now)
        case .probing(let index):
            let next = index + 1
            guard next < containers.count else { return enter(phase(nil), at: now) }
            guard let started = containerStartedAt else {
                return enter(phase(.starting(next)), at: now)
            }
            let rested = max(now, started + settings.startPause)
            let needsRest = now < rested || settings.startAtMost > .zero
            enter(phase(needsRest ? .pausing(next, until: rested) : .starting(next)), at: now)
        }
    }

    private func afterConfirm(at now: Timestamp) -> Phase {
        // Confirmed once more after a crash: what comes before retiring has been done.
        if hasBegunToRetire { return .retiring }
        let hasHooks = !hooks(at: .afterSwitch).isEmpty && !hasPassedSwitchHooks
        return hasHooks ? .runningHook(.afterSwitch, 0) : afterSwitchHooks(at: now)
    }

    func afterSwitchHooks(at now: Timestamp) -> Phase {
        bakes && !hasBegunToEnd ? .watchingBake : afterBake(at: now)
    }

    func afterBake(at now: Timestamp) -> Phase {
        guard let previous, previous.colour != candidate.colour else { return afterDrain }
        // What was stopped before has nothing to drain.
        return stopsFirst ? afterDrain : .draining(until: now + settings.drain)
    }

    private var afterDrain: Phase {
        guard previous != nil else {
            return singletons.isEmpty ? ending : .handingOver(.starting(0))
        }
        return hasSingletons ? .stoppingSingletons : .retiring
    }

    private var handingOverOrRetiring: (Launch?) -> Phase {
        // An app's first deployment has nobody to retire.
        let ending = previous == nil ? ending : .retiring
        return { $0.map { .handingOver($0) } ?? ending }
    }

    /// Whether either release has something that runs in one colour at a time.
    var hasSingletons: Bool { !singletonServices.isEmpty }

    /// The set does not fit: what then happens is the user's word, but without a colour to stop
    /// there is no room to be made.
    private mutating func makeRoom(_ report: RoomReport, at now: Timestamp) {
        let shortage = "The set does not fit: it \(report.summary).\n\(report.table)"
        switch settings.room {
        case .warn:
            warnings.append("The set may not fit: it \(report.summary).")
            enter(.preparing, at: now)
        case .stopFirst
        where kind == .deploy && settings.promotion != .auto && report.fitsAlone:
            fail(
                Failure(
                    .noRoom,
                    shortage + "\n`room: stop-first` does not go with `promote: manual`: nobody "
                        + "would be answered while it waits."), at: now)
        case .stopFirst where report.fitsAlone && previous != nil && previousServices != nil:
            givesWay = true
            warnings.append(
                "The set does not fit beside the one that has traffic (it \(report.summary)), so "
                    + "that one is stopped first; nginx answers 503 meanwhile.")
            enter(.preparing, at: now)
        case .refuse, .stopFirst:
            if !report.fitsAlone { givesWay = false }
            fail(Failure(.noRoom, shortage), at: now)
        }
    }
}

extension Phase {
    fileprivate static func launching(_ launch: Launch?) -> Phase {
        switch launch {
        case .starting(let index): .starting(index)
        case .probing(let index): .probing(index)
        case .pausing(let index, let until): .pausing(index, until: until)
        case nil: .verifying
        }
    }
}
