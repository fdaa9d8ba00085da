import BlueGreen
import TestSupport
import Testing

@Suite("A deployment that waits for a person")
struct WaitingTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))

    private var waiting: Deployment? {
        play(
            Sample.deployment(
                previous: before, services: [Sample.web],
                settings: DeploymentSettings(
                    startAtMost: .zero, hooks: Hooks(beforeSwitch: [Hook(["smoke"])]),
                    promotion: .manual(within: .seconds(60)))),
            to: .waiting)
    }

    @Test("Promoted, it is armed and looked at again, and its hooks are not run again")
    func promoted() throws {
        var state = try #require(waiting)
        state.answer(.promote, at: Sample.moment)
        let steps = play(state).1
        #expect(
            steps.prefix(5) == [
                .arm(.green), .probeEdge(.green), .verify, .route(.all(.green)),
                .confirm(.all(.green)),
            ])
    }

    @Test("Aborted or not answered in time, it is undone and traffic stays")
    func aborted() throws {
        var state = try #require(waiting)
        state.answer(.abort(reason: "No."), at: Sample.moment)
        #expect(state.failure == Failure(.declined, "No."))
        #expect(play(state).1 == [.cleanUp(.green)])
        #expect(play(state).0.outcome == .aborted)

        for answersTooLate in [false, true] {
            var late = try #require(waiting)
            let end = Sample.moment + .seconds(120)
            answersTooLate ? late.answer(.promote, at: end) : late.expire(at: end)
            #expect(late.failure?.cause == .unanswered)
            #expect(
                late.failure?.message
                    == "Nobody promoted green within 60 s (`promote_within`).")
            #expect(play(late).0.outcome == .aborted)
        }
    }

    @Test("It survives the run that began it, and before its time is over nothing ends it")
    func survives() throws {
        var state = try #require(waiting)
        let same = state
        state.recover(live: .blue, at: Sample.moment)
        state.expire(at: Sample.moment + .seconds(1))
        #expect(state == same)
    }

    @Test("The time in which a person had the word is no time at work")
    func times() throws {
        var state = try #require(waiting)
        let began = try #require(state.phases.last?.at)
        let answered = began + .seconds(40)
        state.answer(.promote, at: answered)
        while let step = state.next(at: answered).step {
            state.record(step.success, at: answered + .seconds(2))
        }
        #expect(state.outcome == .promoted)
        let end = try #require(state.finishedAt)
        let parts = state.phaseTimes(until: end)
        #expect(parts.first { $0.name == Deployment.waitingWord }?.time == .seconds(40))
        #expect(Set(parts.map(\.name)).count == parts.count)
        #expect(parts.map(\.time).reduce(.zero, +) == end - state.startedAt)
        #expect(state.timeAtWork(until: end) == end - state.startedAt - .seconds(40))
    }

    @Test("Traffic that moved meanwhile ends the wait")
    func overtaken() throws {
        var state = try #require(waiting)
        state.recover(live: nil, at: Sample.moment)
        #expect(state.failure?.cause == .overtaken)
        var moved = try #require(waiting)
        moved.recover(live: .green, at: Sample.moment)
        #expect(moved.spot == .switching)
    }
}
