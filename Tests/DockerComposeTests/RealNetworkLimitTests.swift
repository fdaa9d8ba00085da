@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerCompose

@Suite("Networks on real Docker at their limits", .serialized, .timeLimit(.minutes(20)))
struct RealNetworkLimitTests {
    private func record(
        _ stage: EngineStage, _ model: JSONValue, as release: ReleaseID, by engine: ComposeEngine
    ) async throws {
        let draft = try ComposeDraft(
            engine, ComposeProject(app: stage.app, model: model), [:], [:])
        _ = try await draft.record(as: release)
    }

    @Test("The last range of addresses, gone after the check, is told with what makes room")
    func lastRange() async throws {
        try await EngineStage.setWhereAddressesAreScarce("real-ranges") { stage in
            let engine = stage.engine()
            let place = Placement(colour: .blue, release: Fixture.release(1))
            let model: JSONValue = [
                "name": .string(stage.app), "services": ["web": ["image": "teal/demo-shop:v1"]],
            ]
            try await record(stage, model, as: place.release, by: engine)
            try await stage.api.createNetwork("teal-range-1", labels: [:])
            let error = await #expect(throws: DockerError.self) {
                try await engine.prepare(place, kind: .deploy)
            }
            try await stage.api.removeNetwork("teal-range-1")
            guard case .noNetworkRoom(let text) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(text.contains("needs 2 more Docker networks, and 0 of"))
            #expect(text.contains("docker network rm teal-range-1` makes room"))
            #expect(!text.contains("prune"))
        }
    }

    @Test("A service with the network of another is in its colour, and reached by its name")
    func borrowedNetwork() async throws {
        try await EngineStage.set("real-borrow") { stage in
            let engine = stage.engine()
            let shop: JSONValue = ["image": "teal/demo-shop:v1"]
            let model: JSONValue = [
                "name": .string(stage.app),
                "services": [
                    "near": shop,
                    "vpn": ["image": "teal/demo-shop:v1", "environment": ["SHOP_PORT": "9090"]],
                    "app": ["image": "teal/demo-shop:v1", "network_mode": "service:vpn"],
                ],
            ]
            for (colour, number) in [(Colour.blue, UInt16(1)), (.green, 2)] {
                let place = Placement(colour: colour, release: Fixture.release(number))
                try await record(stage, model, as: place.release, by: engine)
                try await engine.prepare(place, kind: .deploy)
                for name in ["near", "vpn", "app"] {
                    _ = try await stage.start(name, .internal, at: place, by: engine)
                }
                let near = try await stage.container("near", colour)
                #expect(
                    try await stage.docker(
                        "exec", try #require(near?.id), "/shop", "health",
                        "http://vpn:8080/healthz"
                    ).succeeded, "\(colour)")
            }
        }
    }
}
