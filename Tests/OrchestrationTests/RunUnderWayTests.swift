import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("The absences that a run under way accounts for")
struct RunUnderWayTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(1))
    private static let green = Placement(colour: .green, release: Sample.release(2))
    private static let begun = Sample.moment
    private static let ended = Container.State.exited(code: 143, outOfMemory: false)

    @Test("A singleton waits past the switch, and one that was started since then has failed")
    func singletons() {
        let run = run(.pastSwitch)
        let (before, since) = (Self.begun + .seconds(-60), Self.begun + .seconds(60))
        #expect(run.accounts(for: worker(.created)))
        #expect(run.accounts(for: worker(Self.ended, startedAt: before)))
        #expect(!run.accounts(for: worker(Self.ended, startedAt: since)))
        #expect(!run.accounts(for: worker(.restarting, startedAt: since)))
        #expect(!run.accounts(for: worker(.other("paused"), startedAt: before)))
        #expect(!self.run(.beforeSwitch).accounts(for: worker(Self.ended, startedAt: before)))
    }

    @Test("A deployment that ended while the containers were looked at was under way for them")
    func endedMeanwhile() {
        let container = worker(Self.ended, startedAt: Self.begun + .seconds(-60))
        let ended = Stage.promoted.deployment
        #expect(run(.promoted, lookedAt: ended.finishedAt).accounts(for: container))
        let later = ended.finishedAt.map { $0 + .seconds(1) }
        #expect(!run(.promoted, lookedAt: later).accounts(for: container))
    }

    @Test("`teal restart` accounts for what it ended itself, and for nothing that ended otherwise")
    func restart() {
        let web = container("web", .exposed, Self.ended)
        let after = Self.begun + .seconds(5)
        #expect(run(.none, [ending(of: web, at: after)]).accounts(for: web))
        #expect(!run(.none, [ending(of: web, at: Self.begun + .seconds(-5))]).accounts(for: web))
        #expect(!run(.none, [ending(of: web, isAskedFor: false, at: after)]).accounts(for: web))
        // It was started again, and died by itself.
        let both = [
            ending(of: web, at: after), ending(of: web, isAskedFor: false, at: after + .seconds(1)),
        ]
        #expect(!run(.none, both).accounts(for: web))
        #expect(!run(.none).accounts(for: web))
    }

    @Test("A deployment accounts for shared services that it replaces, and not for people's stops")
    func deployment() {
        let db = container("db", .shared, Self.ended, placement: nil)
        let web = container("web", .exposed, Self.ended)
        let endings = [db, web].map { ending(of: $0, at: Self.begun + .seconds(5)) }
        let before = run(.beforeSwitch, endings)
        #expect(before.accounts(for: db))
        #expect(!before.accounts(for: web))
        #expect(before.accounts(forLackOf: .shared))
        #expect(!before.accounts(forLackOf: .exposed))
        let after = run(.pastSwitch, endings)
        #expect(!after.accounts(for: db))
        #expect(!after.accounts(for: web))
        #expect(!after.accounts(forLackOf: .shared))
        #expect(!run(.none).accounts(forLackOf: .shared))
    }

    @Test("A deployment that makes room accounts for the set that it stops")
    func stopFirst() {
        let web = container("web", .exposed, Self.ended)
        let endings = [ending(of: web, at: Self.begun + .seconds(5))]
        #expect(run(.alone, endings).accounts(for: web))
        #expect(!run(.alone).accounts(for: web))
    }

    @Test("While a person is asked nothing is accounted for")
    func waiting() {
        let db = container("db", .shared, Self.ended, placement: nil)
        let run = run(.waiting, [ending(of: db, at: Self.begun + .seconds(5))])
        #expect(!run.accounts(for: db))
        #expect(!run.accounts(for: worker(.created)))
        #expect(!run.accounts(forLackOf: .shared))
    }

    /// How far the deployment has come; none is under way for `none`.
    private enum Stage {
        case none
        case beforeSwitch
        case waiting
        case alone
        case pastSwitch
        case promoted

        var deployment: Deployment {
            if self == .promoted { return Sample.finished(.promoted) }
            var deployment = Sample.deployment(
                previous: blue, services: [Sample.web, Sample.worker],
                settings: DeploymentSettings(
                    startPause: .zero, startAtMost: .zero, room: .stopFirst,
                    promotion: self == .waiting ? .manual(within: .seconds(60)) : nil))
            while !isReached(deployment), let step = deployment.next(at: begun).step {
                let isTight = self == .alone && step == .checkRoom
                deployment.record(isTight ? .noRoom(Self.tight) : .done, at: begun)
            }
            return deployment
        }

        /// Fits once 300 MB are given up.
        private static let tight = RoomReport(
            needs: [
                RoomNeed(service: "web", replicas: 1, each: .mebibytes(400), source: .declared)
            ],
            memoryAvailable: .mebibytes(200), heldByPrevious: .mebibytes(300))

        private func isReached(_ deployment: Deployment) -> Bool {
            switch self {
            case .none, .beforeSwitch: true
            case .waiting: deployment.waitsUntil != nil
            case .alone: deployment.stopsFirst
            case .pastSwitch: deployment.isPastSwitch
            case .promoted: deployment.outcome != nil
            }
        }
    }

    private func run(
        _ stage: Stage, _ endings: [ContainerEnding] = [], lookedAt: Timestamp? = nil
    ) -> RunUnderWay {
        let deployments = stage == .none ? [] : [stage.deployment]
        let live: Colour = stage == .pastSwitch || stage == .promoted ? .green : .blue
        return RunUnderWay(
            LockHolder(pid: 1, since: Self.begun, verb: "deploy", release: nil),
            Situation(live: live, containers: [], deployments: deployments, releases: []),
            endings, lookedAt: lookedAt)
    }

    private func worker(_ state: Container.State, startedAt: Timestamp? = nil) -> Container {
        container("worker", .singleton, state, placement: Self.green, startedAt: startedAt)
    }

    private func container(
        _ service: String, _ role: ServiceRole, _ state: Container.State,
        placement: Placement? = blue, startedAt: Timestamp? = nil
    ) -> Container {
        Container(
            id: service, name: service, replica: Replica(service: service, index: 1), role: role,
            placement: placement, state: state, startedAt: startedAt)
    }

    private func ending(
        of container: Container, isAskedFor: Bool = true, at moment: Timestamp
    ) -> ContainerEnding {
        ContainerEnding(
            replica: container.replica, placement: container.placement, exitCode: 143,
            isOutOfMemory: false, isAskedFor: isAskedFor, at: moment)
    }
}
