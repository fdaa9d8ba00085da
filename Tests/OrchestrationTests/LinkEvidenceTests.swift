import BlueGreen
import Orchestration
import TestSupport
import Testing

/// History and containers know who had traffic before a link was lost.
@Suite("The evidence of a lost link")
struct LinkEvidenceTests {
    typealias Verdict = LinkEvidence.Verdict

    private static let lost = LostLink(path: "/nginx/shop/live", .missing)
    private static let silent = LostLink(path: "/nginx/shop/live", .missing, isWithoutSay: true)
    private static let unwritten = LostLink(path: "/nginx/shop/live", .unwritten)

    private static func containers(
        _ colours: [Colour], _ state: Container.State = .running, role: ServiceRole = .exposed
    ) -> [Container] {
        colours.map { colour in
            Container(
                id: "\(colour)", name: "web", replica: Replica(service: "web", index: 1),
                role: role, placement: Placement(colour: colour, release: Sample.release(1)),
                state: state)
        }
    }

    private static func verdict(
        _ deployments: [Deployment], _ colours: [Colour], _ lost: LostLink = lost
    ) -> Verdict {
        LinkEvidence(lost, deployments, containers(colours)).verdict
    }

    private static func isUntold(_ verdict: Verdict) -> Bool {
        switch verdict {
        case .untold: true
        case .had, .nobodyHad: false
        }
    }

    private static let first = Sample.finished(.promoted, previous: nil)

    @Test("The newest deployment tells who had traffic: the candidate, or the colour of before")
    func history() {
        let both = Colour.allCases
        #expect(Self.verdict([Self.first], both) == .had(.blue))
        #expect(Self.verdict([Sample.finished(.promoted)], both) == .had(.green))
        #expect(Self.verdict([Sample.finished(.aborted)], both) == .had(.blue))
        #expect(Self.verdict([Sample.finished(.rolledBack)], both) == .had(.blue))
        // A host whose containers are not up yet.
        #expect(Self.verdict([Sample.finished(.promoted)], []) == .had(.green))
    }

    @Test("A colour of which nothing runs is not given the traffic of one that runs")
    func contradiction() {
        #expect(Self.isUntold(Self.verdict([Sample.finished(.promoted)], [.blue])))
    }

    @Test("After an unknown end, and without a history, the only colour that runs has it")
    func withoutRecord() {
        for deployments in [[], [Sample.finished(.unknown)]] {
            #expect(Self.verdict(deployments, [.green]) == .had(.green))
            #expect(Self.isUntold(Self.verdict(deployments, Colour.allCases)))
            #expect(Self.isUntold(Self.verdict(deployments, [])))
        }
        let stopped = Self.containers([.green], .exited(code: 0, outOfMemory: false))
        let inner = Self.containers([.green], role: .internal)
        #expect(
            LinkEvidence(Self.lost, [], Self.containers([.blue]) + stopped + inner).verdict
                == .had(.blue))
    }

    @Test("Nobody is believed to have traffic only where nginx sends nobody's anywhere")
    func nobody() {
        let aborted = Sample.finished(.aborted, previous: nil)
        #expect(Self.isUntold(Self.verdict([aborted], [])))
        #expect(Self.verdict([aborted], [], Self.silent) == .nobodyHad)
        #expect(Self.verdict([], [], Self.silent) == .nobodyHad)
        #expect(Self.verdict([], [], Self.unwritten) == .nobodyHad)
        #expect(Self.verdict([aborted], [], Self.unwritten) == .nobodyHad)
        // A link without any file beside it keeps its word.
        let left = LostLink(path: "/nginx/shop/live", .unwritten, says: .green)
        #expect(Self.verdict([Self.first], [.blue], left) == .had(.green))
        // nginx's folder is gone, or teal.yml names another one.
        #expect(Self.verdict([Self.first], [.blue], Self.unwritten) == .had(.blue))
    }

    @Test("An interrupted deployment tells who had traffic, wherever it stands")
    func interrupted() {
        let previous = Placement(colour: .blue, release: Sample.release(1))
        var deployment = Sample.deployment(
            previous: previous,
            settings: DeploymentSettings(
                canary: Canary(steps: [Share(percent: 10)], every: .seconds(1))))
        var seen: [Spot: RecordedTraffic] = [:]
        while let step = deployment.next(at: Sample.moment).step {
            seen[Spot(deployment)] = deployment.recordedTraffic
            succeed(step, of: &deployment)
        }
        #expect(seen[.preparing] == .on(.blue))
        #expect(seen[.diverting] == .on(.blue) && seen[.confirmingDiversion] == .on(.blue))
        #expect(seen[.switching] == .on(.blue))
        #expect(seen[.confirming] == .on(.green) && seen[.draining] == .on(.green))
    }

    private func succeed(_ step: Step, of deployment: inout Deployment) {
        guard case .observe(_, let until) = step else {
            return deployment.record(.done, at: Sample.moment)
        }
        deployment.record(.observed(Observation()), at: until)
    }

    @Test("A deployment on its way back tells the colour of before")
    func wayBack() {
        let previous = Placement(colour: .blue, release: Sample.release(1))
        var deployment = Sample.deployment(previous: previous)
        while Spot(deployment) != .confirming { deployment.record(.done, at: Sample.moment) }
        deployment.record(.failed(Failure(.step(phase: "x"), "x")), at: Sample.moment)
        #expect(Spot(deployment) == .switchingBack)
        #expect(deployment.recordedTraffic == .on(.blue))
    }

    @Test("While a deployment has made room nobody has traffic, until it is switched")
    func madeRoom() {
        let previous = Placement(colour: .blue, release: Sample.release(1))
        var deployment = Sample.deployment(
            previous: previous, previousServices: [Sample.api, Sample.web],
            settings: DeploymentSettings(room: .stopFirst))
        while Spot(deployment) != .checkingRoom { deployment.record(.done, at: Sample.moment) }
        deployment.record(
            .noRoom(
                RoomReport(
                    needs: [
                        RoomNeed(
                            service: "web", replicas: 1, each: .mebibytes(400),
                            source: .declared)
                    ], memoryAvailable: .mebibytes(200), heldByPrevious: .mebibytes(300))),
            at: Sample.moment)
        var spots: [Spot: RecordedTraffic] = [:]
        while let step = deployment.next(at: Sample.moment).step {
            spots[Spot(deployment)] = deployment.recordedTraffic
            succeed(step, of: &deployment)
        }
        #expect(spots[.confirmingDown] == .nobody && spots[.switching] == .nobody)
        #expect(spots[.confirming] == .on(.green))
    }
}
