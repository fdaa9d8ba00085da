import BlueGreen
import TestSupport
import Testing

@testable import Commands

@Suite("The last lines about room and singletons")
struct RoomSummaryTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(1))
    private static let worker = PlannedService(name: "worker", role: .singleton)

    @Test("A set that does not fit is refused with a table, and with what to do")
    func refused() {
        let deployment = Self.run(room: .refuse, services: Self.small)
        let summary = Self.summary(of: deployment, live: .blue)
        #expect(
            summary.lines == [
                "Aborted before the switch after 12 s: release 20261120-213407-0002 "
                    + "got no traffic.",
                "Why: The set does not fit: it needs 256 MB of 100 MB.",
                "  service  containers  each   MB  known from",
                "  api               1   128  128  nothing: assumed",
                "  web               1   128  128  nothing: assumed",
                "  without what is assumed it fits: say what api, web take (`memory:` in "
                    + "teal.yml)",
                "  memory available 164 MB, kept free 64 MB",
                "Traffic is on blue, release 20261120-213406-0001.",
                "Next: free memory or add swap, or set `room: stop-first` in teal.yml (the set "
                    + "that has traffic is stopped first), and run `teal deploy` again.",
            ])
    }

    @Test("A26: A first set that is only assumed not to fit is started, with a warning")
    func triedOnAssumption() {
        let deployment = Self.run(room: .refuse, previous: nil, services: Self.small)
        #expect(deployment.outcome == .promoted)
        #expect(
            deployment.warnings.map(\.message) == [
                "The set may not fit: it needs 256 MB of 100 MB, most of it assumed. It is started "
                    + "all the same, since nothing has traffic that it could harm. The start ends "
                    + "before the host runs out of memory."
            ])
    }

    @Test(
        "A25: Whoever ran out of memory is told what helps, and not to fix the release",
        arguments: [
            (
                Failure.Cause.outOfMemory(
                    Replica(service: "chat", index: 1), limit: .mebibytes(64)), true,
                "Next: raise the memory limit of chat in the compose file (`mem_limit`, now 64M), "
                    + "or have it take less, and run `teal deploy` again."
            ),
            (
                .memoryRanOut, true,
                "Next: free memory or add swap, or set `room: stop-first` in teal.yml (the set that "
                    + "has traffic is stopped first), and run `teal deploy` again."
            ),
            (
                .outOfMemory(Replica(service: "chat", index: 1), limit: nil), false,
                "Next: free memory or add swap, or give the services less memory in the compose "
                    + "file (`mem_limit`), and run `teal deploy` again."
            ),
        ])
    func remedy(_ cause: Failure.Cause, _ hasPrevious: Bool, _ next: String) {
        let deployment = Self.run(
            previous: hasPrevious ? Self.blue : nil, services: Self.small
        ) { $0 == .probing(0) ? .failed(Failure(cause, "Out of memory.")) : .done }
        #expect(Self.summary(of: deployment, live: .blue).lines.last == next)
    }

    @Test("Where stopping first is no way out, it is not advised", arguments: RoomPolicy.allCases)
    func noAdvice(_ policy: RoomPolicy) {
        let deployment = Self.run(room: policy, previous: nil, services: Self.small)
        let next = Self.summary(of: deployment, live: nil).lines.last ?? ""
        #expect(!next.contains("stop-first"))
    }

    @Test("A table too long for CodeDeploy's console loses its middle and keeps its sum")
    func longTable() {
        let services = (1...40).map {
            PlannedService(name: "a-service-with-a-long-name-\($0)", role: .internal)
        }
        let lines = Self.summary(of: Self.run(room: .refuse, services: services), live: .blue).lines
        let bytes = lines.map { $0.utf8.count + 1 + "[stdout]".utf8.count + 1 }.reduce(0, +)
        #expect(bytes < 2048)
        #expect(lines.contains { $0.hasPrefix("Why: The set does not fit") })
        #expect(lines.contains { $0.hasPrefix("  service") })
        #expect(lines.contains { $0.hasPrefix("  ... ") && $0.hasSuffix(" more") })
        #expect(lines.contains("  memory available 164 MB, kept free 64 MB"))
        #expect(lines.contains { $0.hasPrefix("Traffic is on blue") })
        #expect(lines.last?.hasPrefix("Next: ") == true)
        #expect(lines.count > 15)
    }

    @Test("A promotion that stopped the previous set first says that going back starts it again")
    func stoppedFirst() {
        let deployment = Self.run(room: .stopFirst, services: Self.small)
        let lines = Self.summary(of: deployment, live: .green).lines
        #expect(lines.first?.hasPrefix("Promoted: release 20261120-213407-0002") == true)
        #expect(lines.contains { $0.hasPrefix("Warning: The set does not fit beside") })
        #expect(
            lines.last == "Next: `teal rollback` starts release 20261120-213406-0001 again, which "
                + "was stopped to make room, and goes back to it.")
    }

    @Test("A candidate that fails after room was made is told from one that lost its traffic")
    func restored() {
        let deployment = Self.run(room: .stopFirst, services: Self.small) { spot in
            spot == .probing(0) ? .failed(Failure(.step(phase: "probing"), "Ill.")) : .done
        }
        let lines = Self.summary(of: deployment, live: .blue).lines
        #expect(
            lines.first == "Rolled back after making room after 12 s: release "
                + "20261120-213407-0002 failed, and release 20261120-213406-0001 was started "
                + "again.")
        #expect(lines.contains("Why: Ill."))
        #expect(lines.contains("Traffic is on blue, release 20261120-213406-0001."))
    }

    @Test("A previous set that does not come back whole is said to need somebody")
    func impaired() {
        let deployment = Self.impairedDeployment
        #expect(deployment.outcome == .unknown)
        let lines = Self.summary(of: deployment, live: .blue).lines
        #expect(
            lines.first == "Unknown: release 20261120-213407-0002 failed, and release "
                + "20261120-213406-0001 could not be started again as it was after 12 s. Act now.")
        #expect(
            lines.contains(
                "Traffic is on blue, release 20261120-213406-0001, of which not all runs."))
        #expect(
            lines.last == "Next: `teal status` shows what does not run and `teal compose blue "
                + "logs` why; `teal deploy` of a release that works puts it right.")
    }

    @Test("Singletons that were handed back are named, unless one could not be")
    func handedBack() {
        let services = [Sample.web, Self.worker]
        let failure = StepResult.failed(Failure(.step(phase: "confirming"), "No proof."))
        let back = Self.run(services: services) { $0 == .confirming ? failure : .done }
        #expect(back.outcome == .rolledBack)
        #expect(
            Self.summary(of: back, live: .blue).lines.first
                == "Rolled back after the switch after 12 s: release 20261120-213407-0002 lost "
                + "its traffic. Handed back to blue: worker.")
        let roomMade = Self.run(room: .stopFirst, services: services) { spot in
            switch spot {
            case .probing(0): failure
            case .starting(0): .doneWithWarning("The host's load could not be read.")
            default: .done
            }
        }
        #expect(
            Self.summary(of: roomMade, live: .blue).lines.first?
                .hasSuffix("was started again. Handed back to blue: worker.") == true)
        let lost = Self.run(services: services) { spot in
            switch spot {
            case .confirming, .handingBack(.probing): failure
            default: .done
            }
        }
        let head = Self.summary(of: lost, live: .blue).lines.first
        #expect(head?.hasSuffix("To be handed back to blue: worker; see the warnings.") == true)
    }

    /// Its candidate failed, and the web service of the set before it did not come back.
    static var impairedDeployment: Deployment {
        let failure = StepResult.failed(Failure(.step(phase: "probing"), "Ill."))
        return run(room: .stopFirst, services: small) { spot in
            switch spot {
            case .probing(0), .restoring(.probing(1)): failure
            default: .done
            }
        }
    }

    /// Room was made for it, and it lost its traffic again; each set has a worker that runs once.
    static var withdrawnDeployment: Deployment {
        let failure = StepResult.failed(Failure(.step(phase: "confirming"), "No proof."))
        return run(room: .stopFirst, services: [Sample.web, worker]) { spot in
            spot == .confirming ? failure : .done
        }
    }

    /// Both sets fit, and each has a worker that runs once.
    static var promotedDeployment: Deployment { run(services: [Sample.web, worker]) }

    private static let small = [Sample.api, Sample.web]

    private static func summary(of deployment: Deployment, live: Colour?) -> Summary {
        Summary(of: deployment, Summary.Circumstances(live: live))
    }

    /// A deployment on a host whose memory holds one such set and not two; without a policy it
    /// holds any. It ends within 12 s.
    private static func run(
        room: RoomPolicy? = nil, previous: Placement? = blue, services: [PlannedService],
        _ result: (Spot) -> StepResult = { _ in .done }
    ) -> Deployment {
        let end = Sample.moment + .seconds(12)
        var deployment = Deployment(
            Order(
                number: 1, kind: .deploy,
                candidate: Placement(
                    colour: previous?.colour.other ?? .blue, release: Sample.release(2)),
                label: nil, previous: previous, services: services, previousServices: services,
                settings: DeploymentSettings(
                    startPause: .zero, startAtMost: .zero, room: room ?? .refuse)),
            at: Sample.moment)
        while let step = deployment.next(at: end).step {
            var outcome = result(Spot(deployment))
            if step == .checkRoom, room != nil { outcome = .noRoom(report(services)) }
            deployment.record(outcome, at: end)
        }
        return deployment
    }

    private static func report(_ services: [PlannedService]) -> RoomReport {
        RoomReport(
            needs: services.map { RoomNeed($0, seen: nil) }, memoryAvailable: .mebibytes(164),
            heldByPrevious: .mebibytes(1024), reserve: .mebibytes(64))
    }
}
