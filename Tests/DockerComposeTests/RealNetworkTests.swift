@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerCompose

@Suite("B11: networks on real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealNetworkTests {
    private static func model(_ app: String, inner: JSONValue) -> JSONValue {
        let service = { (networks: JSONValue) -> JSONValue in
            ["image": "teal/demo-shop:v1", "networks": networks]
        }
        return [
            "name": .string(app),
            "services": [
                "web": service(["front": .null, "inner": .null]),
                "db": service(["inner": .null]),
                "lone": service(["alone": .null]),
            ],
            "networks": ["front": [:], "inner": inner, "alone": [:]],
        ]
    }

    private func record(
        _ stage: EngineStage, _ model: JSONValue, as release: ReleaseID, by engine: ComposeEngine
    ) async throws {
        let draft = try ComposeDraft(
            engine, ComposeProject(app: stage.app, model: model),
            model["services"]?["db"] == nil ? [:] : ["db": ServiceSettings(role: .shared)], [:])
        _ = try await draft.record(as: release)
    }

    private func inspect(_ name: String, _ format: String, _ stage: EngineStage) async throws
        -> String
    {
        try await stage.docker("network", "inspect", "--format", format, name).standardOutput
            .trimmingNewline
    }

    private func reaches(
        _ host: String, from container: ListedContainer?, _ stage: EngineStage
    ) async throws -> Bool {
        let id = try #require(container?.id)
        return try await stage.docker("exec", id, "/shop", "health", "http://\(host):8080/healthz")
            .succeeded
    }

    /// Docker takes its rule between networks away for a moment whenever it makes or removes another
    /// network, as other tests do beside this one: a request that gets through then says nothing.
    private func isApart(
        _ host: String, from container: ListedContainer?, _ stage: EngineStage
    ) async throws -> Bool {
        for _ in 1...5 where try await !reaches(host, from: container, stage) { return true }
        return false
    }

    private func address(
        of service: String, in place: Placement, _ network: String, _ stage: EngineStage
    ) async throws -> String {
        let container = try #require(try await stage.container(service, place.colour))
        let name = "\(stage.app)-\(place.colour)_\(network)"
        let format = "{{(index .NetworkSettings.Networks \"\(name)\").IPAddress}}"
        return try await stage.docker("inspect", "--format", format, container.id)
            .standardOutput.trimmingNewline
    }

    /// `vault` only in the internal network, `web` in another one too, both in both colours.
    private func internalNetworks(
        _ app: String,
        _ body: @Sendable (EngineStage, Placement, Placement) async throws -> Void
    ) async throws {
        try await EngineStage.set(app) { stage in
            let engine = stage.engine()
            var model = Self.model(app, inner: ["internal": true])
            model["services"] = [
                "web": model["services"]?["web"] ?? [:], "vault": model["services"]?["db"] ?? [:],
            ]
            let places = Colour.allCases.enumerated().map { index, colour in
                Placement(colour: colour, release: Fixture.release(UInt16(index + 1)))
            }
            for place in places {
                try await record(stage, model, as: place.release, by: engine)
                try await engine.prepare(place, kind: .deploy)
                for service in ["web", "vault"] {
                    _ = try await stage.start(service, .internal, at: place, by: engine)
                }
            }
            try await body(stage, places[0], places[1])
            _ = try await engine.takeDown()
        }
    }

    /// Docker gives a container a default route in an internal network as well, so that its rules
    /// alone keep it in.
    @Test(
        "By address nobody reaches the other colour, and who is in an internal network only its own",
        .enabled(
            if: ProcessInformation.environment["TEAL_DOCKER_FILTERS"] != "no",
            "this Docker was started beside another one, and so without iptables"))
    func otherColour() async throws {
        try await internalNetworks("real-far") { stage, blue, green in
            for (own, other) in [(blue, green), (green, blue)] {
                let web = try await stage.container("web", own.colour)
                for (service, network) in [("vault", "inner"), ("web", "front")] {
                    let near = try await address(of: service, in: own, network, stage)
                    #expect(try await reaches(near, from: web, stage))
                    let far = try await address(of: service, in: other, network, stage)
                    #expect(try await isApart(far, from: web, stage))
                }
                let vault = try await stage.container("vault", own.colour)
                let beside = try await address(of: "web", in: own, "inner", stage)
                #expect(try await reaches(beside, from: vault, stage))
                let outside = try await address(of: "web", in: own, "front", stage)
                #expect(try await isApart(outside, from: vault, stage))
                let far = try await address(of: "vault", in: other, "inner", stage)
                #expect(try await isApart(far, from: vault, stage))
            }
        }
    }

    @Test("B4: Docker takes the longest names of an app and of a service, and resolves them")
    func longestNames() async throws {
        let app = "real-" + String(repeating: "n", count: 35)
        let service = String(repeating: "s", count: 63)
        try await EngineStage.set(app) { stage in
            let engine = stage.engine()
            let place = Placement(colour: .blue, release: Fixture.release(1))
            let shop: JSONValue = ["image": "teal/demo-shop:v1"]
            let model: JSONValue = [
                "name": .string(app),
                "services": [service: ["image": "teal/demo-shop:v1", "scale": 2], "near": shop],
            ]
            try await record(stage, model, as: place.release, by: engine)
            try await engine.prepare(place, kind: .deploy)
            let planned = PlannedService(name: service, role: .internal, replicas: 2)
            for index in 1...2 {
                _ = try await engine.start(PlannedReplica(planned, index), of: place)
            }
            _ = try await stage.start("near", .internal, at: place, by: engine)
            #expect(try await reaches(service, from: stage.container("near", .blue), stage))
        }
    }

    @Test("Each network exists per colour with its properties, and is renewed, joined and removed")
    func lifecycle() async throws {
        try await EngineStage.set("real-nets") { stage in
            let engine = stage.engine()
            let first = Placement(colour: .blue, release: Fixture.release(1))
            try await record(
                stage, Self.model("real-nets", inner: ["internal": true]), as: first.release,
                by: engine)
            try await engine.prepare(first, kind: .deploy)
            for service in ["web", "lone"] {
                _ = try await stage.start(service, .internal, at: first, by: engine)
            }
            _ = try await stage.start("db", .shared, at: first, by: engine)
            for colour in Colour.allCases {
                #expect(
                    try await inspect("real-nets-\(colour)_inner", "{{.Internal}}", stage) == "true"
                )
                #expect(
                    try await inspect("real-nets-\(colour)_front", "{{.Internal}}", stage)
                        == "false")
            }
            let db = try await stage.container("db")
            #expect(
                db?.networkSettings?.networks?.keys.sorted()
                    == ["real-nets-blue_inner", "real-nets-green_inner"])
            let lone = try await stage.container("lone", .blue)
            #expect(lone?.networkSettings?.networks?.keys.sorted() == ["real-nets-blue_alone"])

            // By name, from whom it shares a network with. By address is up to Docker's own rules
            // between networks, which an engine without iptables does not have.
            let web = try await stage.container("web", .blue)
            #expect(try await reaches("db", from: web, stage))
            #expect(try await !reaches("db", from: lone, stage))
            #expect(try await !reaches("web", from: lone, stage))

            // The network has other properties, and one is gone: green's are made anew.
            let second = Placement(colour: .green, release: Fixture.release(2))
            var model = Self.model("real-nets", inner: ["labels": ["team": "front"]])
            model["services"]?["lone"]?["networks"] = ["front": .null]
            try await record(stage, model, as: second.release, by: engine)
            try await engine.prepare(second, kind: .deploy)
            #expect(
                try await inspect("real-nets-green_inner", "{{.Internal}}", stage) == "false")
            #expect(try await inspect("real-nets-blue_inner", "{{.Internal}}", stage) == "true")
            #expect(try await inspect("real-nets-green_alone", "{{.Name}}", stage).isEmpty)
            let joined = try await stage.container("db")
            #expect(joined?.id == db?.id && joined?.state == "running")
            #expect(
                joined?.networkSettings?.networks?.keys.sorted()
                    == ["real-nets-blue_inner", "real-nets-green_inner"])

            _ = try await engine.takeDown()
            let left = try await stage.api.networks().map(\.name)
                .filter { $0.hasPrefix("real-nets-") }
            #expect(left.isEmpty)
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String {
        split(separator: "\n").first.map(String.init) ?? ""
    }
}
