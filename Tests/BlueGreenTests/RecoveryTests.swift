import BlueGreen
import TestSupport
import Testing

@Suite("The recovery of a deployment")
struct RecoveryTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))

    /// A deployment from blue to green that stopped when this step was about to be done.
    private func interrupted(before last: (Step) -> Bool) -> Deployment {
        var deployment = Sample.deployment(previous: before)
        while let step = deployment.nextStep(at: Sample.moment), !last(step) {
            deployment.record(.done, at: Sample.moment + .seconds(60))
        }
        return deployment
    }

    @Test("Interrupted before the switch, it is undone")
    func undone() {
        var deployment = interrupted { $0 == .verify }
        deployment.recover(live: .blue, at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .cleanUp(.green))
        #expect(deployment.failure?.cause == .crash)
    }

    @Test("Interrupted after the switch, it is carried forward")
    func carriedForward() {
        var deployment = interrupted { $0 == .route(.all(.green)) }
        deployment.recover(live: .green, at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .route(.all(.green)))
        #expect(deployment.failure == nil)
    }

    @Test("Interrupted while it drained, the switch is confirmed again and no more")
    func drained() {
        var deployment = interrupted { if case .drain = $0 { true } else { false } }
        deployment.recover(live: .green, at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .confirm(.all(.green)))
    }

    @Test("A candidate that has traffic is not cleaned up, whatever the record says")
    func liveCandidate() {
        var deployment = interrupted { $0 == .verify }
        let failure = Failure(.step(phase: "probing"), "It failed.")
        deployment.record(.failed(failure), at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .cleanUp(.green))
        deployment.recover(live: .green, at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .route(.all(.green)))
    }

    @Test("Traffic that somebody moved meanwhile is said so")
    func overtaken() {
        var deployment = interrupted { if case .drain = $0 { true } else { false } }
        deployment.recover(live: .blue, at: Sample.moment)
        #expect(deployment.failure?.cause == .overtaken)
        let (ended, steps) = play(deployment)
        #expect(ended.outcome == .rolledBack)
        #expect(steps.first == .route(.all(.blue)) && steps.last == .cleanUp(.green))
    }

    @Test("A way back that could not be written down is told as one, and its evidence stays")
    func unrecordedWayBack() {
        let spots: [(Step) -> Bool] = [
            { $0 == .route(.all(.green)) }, { $0 == .confirm(.all(.green)) },
            { if case .drain = $0 { true } else { false } },
        ]
        for spot in spots {
            for rest in [CandidateRest.stopped, .none] {
                var deployment = interrupted(before: spot)
                deployment.recover(live: .blue, rest: rest, at: Sample.moment)
                var (ended, steps) = (deployment, [Step]())
                while let step = ended.nextStep(at: Sample.moment + .seconds(60)) {
                    steps.append(step)
                    // Traffic is there already.
                    ended.record(
                        step == .route(.all(.blue)) ? .unneeded : step.success,
                        at: Sample.moment + .seconds(60))
                }
                #expect(ended.outcome == .rolledBack)
                #expect(steps.contains(.cleanUp(.green)) == (rest == .none))
                #expect(steps.contains(.stop(.green)) == (rest == .stopped))
            }
        }
    }

    @Test("Only a link that was made since the switch was begun tells of traffic")
    func linkMadeAnew() throws {
        for seconds in [-1, 1] {
            var deployment = interrupted { $0 == .route(.all(.green)) }
            let begun = try #require(deployment.phases.last?.at)
            deployment.recover(
                live: .blue, linkMadeAt: begun + .seconds(seconds), at: Sample.moment)
            let (ended, steps) = play(deployment)
            #expect(ended.outcome == (seconds > 0 ? .rolledBack : .aborted))
            #expect(steps.last == .cleanUp(.green))
        }
    }

    @Test("Cut off before the switch with its containers stopped, nothing had traffic")
    func stoppedBefore() {
        var deployment = interrupted { $0 == .verify }
        deployment.recover(live: .blue, rest: .stopped, at: Sample.moment)
        #expect(play(deployment).0.outcome == .aborted)
    }

    @Test("A cold rollback that fails leaves its set, stopped")
    func coldRollback() {
        var deployment = Sample.deployment(kind: .coldRollback, previous: before)
        while let step = deployment.nextStep(at: Sample.moment), step != .verify {
            deployment.record(step.success, at: Sample.moment + .seconds(60))
        }
        deployment.record(.failed(Failure(.step(phase: "any"), "No.")), at: Sample.moment)
        let (ended, steps) = play(deployment)
        #expect(ended.outcome == .aborted)
        #expect(steps == [.stop(.green)])
    }

    @Test("On the way back it goes on going back")
    func goingBack() {
        var deployment = interrupted { $0 == .confirm(.all(.green)) }
        let failure = Failure(.step(phase: "confirming"), "It failed.")
        deployment.record(.failed(failure), at: Sample.moment)
        deployment.recover(live: .green, at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .route(.all(.blue)))
        // A link to blue may still give a share away.
        deployment.recover(live: .blue, at: Sample.moment)
        #expect(deployment.nextStep(at: Sample.moment) == .route(.all(.blue)))
    }
}
