/// A set that does not fit, and a start that memory is watched beside.
extension Deployment {
    /// The set does not fit, and the user's settings say what happens then. Without a colour to
    /// stop, no room can be made.
    mutating func meetShortage(_ report: RoomReport, _ position: Position, at now: Timestamp) {
        let shortage = report.shortage
        switch report.verdict(settings.room, hasPrevious: previous != nil) {
        case .fits:
            pass(position, at: now)
        case .tried:
            log.warn(Warning(.room, "The set may not fit: it \(report.summary)."))
            pass(position, at: now)
        case .triedOnAssumption:
            log.warn(
                Warning(
                    .room,
                    "The set may not fit: it \(report.summary), most of it assumed. It is started "
                        + "all the same, since nothing has traffic that it could harm. The start "
                        + "ends before the host runs out of memory."))
            pass(position, at: now)
        case .stopsFirst where kind == .deploy && settings.promotion != .auto:
            let why =
                "\n`room: stop-first` does not go with `promote: manual`: nobody would be "
                + "answered while it waits."
            fail(Failure(.noRoom, shortage + why), in: position, at: now)
        case .stopsFirst where previousServices != nil:
            facts.fit = .alone
            log.warn(
                Warning(
                    .room,
                    "The set does not fit beside the one that has traffic (it \(report.summary)), "
                        + "so that one is stopped first; nginx answers 503 meanwhile."))
            let plan = order.forward(facts)
            goOn(.forward, Array(plan.drop { $0 != .prepare }), at: now)
        case .stopsFirst, .refused:
            if !report.fitsAlone { facts.fit = .never }
            fail(Failure(.noRoom, shortage), in: position, at: now)
        }
    }

    /// The same on the nodes of a cluster, where nothing is stopped to make room.
    mutating func meetShortage(on room: NodesRoom, _ position: Position, at now: Timestamp) {
        guard !room.isAllowed(by: settings.room) else {
            if !room.fits {
                log.warn(Warning(.room, "The set may not fit: it \(room.summary)."))
            }
            return pass(position, at: now)
        }
        let shortage = "The set does not fit: it \(room.summary).\n\(room.table)"
        fail(Failure(.noNode, shortage), in: position, at: now)
    }
}

/// How closely memory is watched beside an act.
package enum MemoryVigilance: Hashable, Sendable {
    /// An OOM kill of a container that serves ends the deployment.
    case kills
    /// So does a host that is about to run out of memory.
    case killsAndShortage
}

extension Deployment {
    /// nil where nothing is started that could take memory from those that serve. The way back
    /// gives memory back, and a warm rollback takes none.
    package var memoryVigilance: MemoryVigilance? {
        guard let position, position.way == .forward, kind != .warmRollback else { return nil }
        switch position.stage {
        // The containers that go first give their memory back here.
        case .prepare: return .kills
        case .launch, .verify, .hooks(.beforeStart), .hooks(.beforeSwitch):
            return .killsAndShortage
        case .openingHooks, .resolve, .preflight, .checkRoom, .beginBaseline, .hooks(.afterSwitch),
            .hooks(.afterRetire), .arm, .probeEdge, .endBaseline, .approval, .route, .watch,
            .drain, .stop, .prove, .retire, .cleanUp:
            return nil
        }
    }

    /// Whether a container is being started, and not waited for yet.
    package var isStartingContainer: Bool {
        if case .launching(let launch) = position?.mark { launch.state == .starting } else { false }
    }

    /// The container that was started last, while it comes up and while the host rests after it.
    package var startingReplica: PlannedReplica? {
        guard let position, case .launch(let cohort) = position.stage,
            case .launching(let launch) = position.mark
        else { return nil }
        let containers = order.containers(of: cohort)
        switch launch.state {
        case .starting, .probing: return containers[launch.index]
        case .resting: return launch.index > 0 ? containers[launch.index - 1] : nil
        }
    }
}

extension SettleBounds {
    /// While a container starts it may take a part of the memory that is kept free between two
    /// starts. With less than this left the start ends: the kernel would kill next. More than is
    /// usually kept free only asks for a longer wait.
    package var leastLeft: ByteCount {
        let kept = min(memoryFree, SettleBounds().memoryFree)
        return ByteCount(bytes: kept.bytes / 2)
    }
}
