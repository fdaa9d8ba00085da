import BlueGreen
import DockerEngine
import Foundation
import Orchestration
import Testing
import TestSupport

@testable import DockerSwarm

@Suite("The desired state of a swarm's edges")
struct EdgeStateTests {
    @Test("A change has the next epoch, and what is the same is no change")
    func epochs() {
        let state = SwarmSample.state(epoch: 4)
        #expect(state.changed { $0.division = .all(.green) }?.epoch == 5)
        #expect(state.changed { $0.division = .all(.blue) } == nil)
    }

    @Test("A proof is asked for once: the next change is without it")
    func proofs() throws {
        let proof = EdgeState.Proof(
            colour: .green, services: [], until: Timestamp(milliseconds: 9))
        let asked = try #require(SwarmSample.state().changed { $0.proof = proof })
        #expect(asked.proof == proof)
        #expect(asked.changed { $0.division = .all(.green) }?.proof == nil)
    }

    @Test("An app that was to be taken away stays once anything else is asked for")
    func leaving() throws {
        let leaving = SwarmSample.state(epoch: 4).leaving()
        #expect(leaving.isLeaving && leaving.division == .nobody && leaving.epoch == 5)
        let back = try #require(leaving.changed { $0.division = .all(.blue) })
        #expect(!back.isLeaving)
        #expect(!leaving.renewed(SwarmSample.site).isLeaving)
    }

    @Test("Maintenance is a change of its own, and a switch keeps it")
    func maintenance() throws {
        let closed = try #require(SwarmSample.state().changed { $0.isInMaintenance = true })
        #expect(closed.changed { $0.division = .all(.green) }?.isInMaintenance == true)
        #expect(closed.renewed(SwarmSample.site).isInMaintenance)
        #expect(closed.traffic == Traffic(.blue, isInMaintenance: true))
    }

    @Test("The largest page fits into one variable of a task")
    func page() throws {
        var site = SwarmSample.site
        site.page = Data(repeating: 34, count: 65_536)
        let state = EdgeState(
            epoch: 4, site: site, table: .empty, division: .nobody)
        #expect(try SwarmSample.variable(state).utf8.count < 120_000)
    }

    @Test("Named nodes get their edge by a label of the app's own")
    func named() throws {
        var settings = SwarmSample.settings
        settings.nodes = .named(["node1"])
        let spec = try EdgeService(SwarmSample.state(), settings, EdgeClaim()).spec
        #expect(
            spec["TaskTemplate"]?["Placement"]?["Constraints"]
                == ["node.labels.teal.edge.shop==true"])
    }

    @Test("It is read as it was written")
    func roundTrip() throws {
        let state = SwarmSample.state()
        #expect(try EdgeState(text: state.text) == state)
    }

    @Test("What is written is kept, format 1")
    func golden() throws {
        let text = """
            {"division":{"all":{"_0":"blue"}},"epoch":4,"isInMaintenance":false,"isLeaving":false,\
            "site":{"app":"shop","directory":"/etc/nginx/teal","healthPaths":[],"mode":"live",\
            "rollout":{"isObserved":false,"steps":[],"stickiness":{"client":{}}},\
            "services":["web"],"trustedProxies":[]},\
            "table":{"blue":[],"green":[]},"version":1}
            """
        #expect(try SwarmSample.state().text == text)
    }

    @Test("One of another format is refused, and never taken for an empty one")
    func formats() throws {
        let text = try SwarmSample.state().text.replacing("\"version\":1", with: "\"version\":2")
        #expect(throws: SwarmError.self) { try EdgeState(text: text) }
        #expect(throws: SwarmError.self) { try EdgeState(text: "{}") }
        #expect(throws: SwarmError.self) { try EdgeState(environment: ["PATH=/bin"]) }
    }

    @Test("Every edge gets it at once, beside the old task, and nothing goes back by itself")
    func service() throws {
        let spec = try EdgeService(SwarmSample.state(), SwarmSample.settings, EdgeClaim()).spec
        #expect(
            spec["UpdateConfig"]
                == ["Parallelism": 0, "Order": "start-first", "FailureAction": "pause"])
        #expect(spec["Mode"] == ["Global": [:]])
        #expect(spec["TaskTemplate"]?["Networks"] == [["Target": "host"]])
        let service = SwarmService(try SwarmSample.json(SwarmSample.service(spec)))
        #expect(try EdgeState(service) == SwarmSample.state())
    }
}
