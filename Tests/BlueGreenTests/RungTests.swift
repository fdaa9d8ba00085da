import BlueGreen
import TestSupport
import Testing

@Suite("Rungs")
struct RungTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(1))

    private static func deployment(
        bake: Bake = Bake(), canary: [Double] = [], services: [PlannedService] = [Sample.web]
    ) -> Deployment {
        Sample.deployment(
            previous: blue, services: services,
            settings: DeploymentSettings(
                bake: bake, canary: Canary(steps: canary.map { Share(percent: $0) })))
    }

    private static func words(_ deployment: Deployment) -> [String] {
        deployment.rungs.map(\.name.word)
    }

    @Test("The whole way is known from the beginning, and stays the same to its end")
    func way() {
        let way = [
            "preparing", "starting", "arming", "probing", "canary", "switching", "baking",
            "draining", "proving", "handing over", "retiring",
        ]
        var deployment = Self.deployment(canary: [10, 50], services: [Sample.web, Sample.worker])
        var now = Sample.moment
        while let step = deployment.next(at: now).step {
            #expect(Self.words(deployment) == way)
            let current = deployment.rungs.filter {
                if case .current = $0.state { true } else { false }
            }
            #expect(current.count == 1)
            now = now + .seconds(1)
            if case .observe(let stage, let until) = step {
                if stage != .before { now = max(now, until) }
                deployment.record(
                    .observed(
                        Observation(
                            candidate: RequestFigures(requests: 30, errors: 0),
                            previous: RequestFigures(requests: 30, errors: 0))), at: now)
            } else {
                deployment.record(.done, at: now)
            }
        }
        #expect(deployment.outcome == .promoted)
        #expect(Self.words(deployment) == way)
        let times = deployment.rungs.compactMap(\.time)
        #expect(times.count == way.count)
        // No second of the way is outside of them.
        #expect(times.reduce(.zero, +) == now - Sample.moment)
        #expect(deployment.observed(on: deployment.rungs[4]).count == 2)
        #expect(deployment.observed(on: deployment.rungs[6]).map(\.stage) == [.bake])
    }

    @Test("A failure marks the rung that the way turned back from")
    func back() {
        var deployment = Self.deployment()
        var now = Sample.moment
        while let step = deployment.next(at: now).step {
            now = now + .seconds(1)
            if case .observe(.bake, _) = step {
                deployment.record(.failed(Failure(.breach, "It is bad.")), at: now)
            } else if case .observe = step {
                deployment.record(
                    .observed(Observation(previous: RequestFigures(requests: 30, errors: 0))),
                    at: now)
            } else {
                deployment.record(.done, at: now)
            }
        }
        #expect(deployment.outcome == .rolledBack)
        let failed = deployment.rungs.filter {
            if case .failed = $0.state { true } else { false }
        }
        #expect(failed.map(\.name.word) == ["baking"])
        #expect(
            Self.words(deployment).suffix(3) == ["switching back", "draining back", "cleaning up"])
    }

    @Test("A failure without a way back is on the last rung")
    func aborted() {
        var deployment = Self.deployment()
        deployment.record(.failed(Failure(.step(phase: "x"), "No.")), at: Sample.moment)
        #expect(Self.words(deployment).first == "preparing")
        guard case .failed = deployment.rungs[0].state else {
            Issue.record("\(deployment.rungs[0].state)")
            return
        }
    }

    @Test("What is usual is the median of the last promoted deployments of a kind, from three on")
    func usual() {
        func promoted(_ pace: Int) -> Deployment {
            var deployment = Self.deployment(bake: .none)
            var now = Sample.moment
            while deployment.next(at: now).step != nil {
                now = now + .seconds(pace)
                deployment.record(.done, at: now)
            }
            return deployment
        }
        let switching = Rung.Name(word: "switching")
        let aborted = Sample.finished(.aborted)
        #expect(UsualTimes([promoted(1), promoted(2), aborted])[switching, of: .deploy] == nil)
        // The switch and its proof are two steps.
        let three = UsualTimes([promoted(1), aborted, promoted(9), promoted(2)])
        #expect(three[switching, of: .deploy] == .seconds(4))
        #expect(three[switching, of: .warmRollback] == nil)
        #expect(three.whole(of: .deploy) == promoted(2).finishedAt.map { $0 - Sample.moment })
        let four = UsualTimes([1, 2, 4, 9].map(promoted))
        #expect(four[switching, of: .deploy] == .seconds(6))
        let old = (0..<UsualTimes.deployments).map { _ in promoted(1) } + [9, 9, 9].map(promoted)
        #expect(UsualTimes(old)[switching, of: .deploy] == .seconds(2))
    }

    @Test("A stage's end tells how much of it has passed")
    func end() throws {
        var deployment = Self.deployment(canary: [10])
        while let step = deployment.next(at: Sample.moment).step {
            if case .observe(.canary, _) = step { break }
            if case .observe = step {
                deployment.record(
                    .observed(Observation(previous: RequestFigures(requests: 30, errors: 0))),
                    at: Sample.moment)
            } else {
                deployment.record(.done, at: Sample.moment)
            }
        }
        let end = try #require(deployment.stageEnd)
        #expect(end.kind == .certain)
        #expect(end.length == .seconds(60))
        #expect(end.passed(at: Sample.moment + .seconds(15)) == Share(percent: 25))
        #expect(end.passed(at: Sample.moment + .seconds(99)) == Share(percent: 100))
        #expect(end.passed(at: Sample.moment + .seconds(-9)) == Share(percent: 0))
    }

    @Test("The bounds that are shown are those that decide")
    func bounds() throws {
        let bounds = BreachBounds()
        func figures(_ errors: Int, p95: Int) -> RequestFigures {
            RequestFigures(requests: 100, errors: errors, p95: .milliseconds(p95))
        }
        #expect(bounds.mostErrors(beside: nil) == Share(percent: 5))
        #expect(bounds.mostErrors(beside: figures(2, p95: 1)) == Share(percent: 5))
        #expect(bounds.mostErrors(beside: figures(9, p95: 1)) == Share(percent: 9))
        #expect(bounds.mostLatency(beside: nil) == nil)
        #expect(bounds.mostLatency(beside: RequestFigures.none) == nil)
        #expect(bounds.mostLatency(beside: figures(0, p95: 100)) == .milliseconds(300))
        #expect(bounds.mostLatency(beside: figures(0, p95: 4)) == .milliseconds(24))
    }
}
