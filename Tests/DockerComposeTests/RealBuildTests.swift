@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import DockerCompose

@Suite("A18: Builds on a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealBuildTests {
    private let blue = Placement(colour: .blue, release: Fixture.release(1))
    private let green = Placement(colour: .green, release: Fixture.release(2))

    private func write(_ label: String, in folder: String) throws {
        try AtomicFile.write(
            "FROM teal/demo-shop:v1\nLABEL version=\(label)\n", to: folder + "/Dockerfile",
            access: .everyoneReads)
    }

    private func services(_ folder: String, policy: String? = nil) -> [String: JSONValue] {
        var service: JSONValue = [
            "build": ["context": .string(folder), "dockerfile": "Dockerfile"]
        ]
        service["pull_policy"] = policy.map(JSONValue.string)
        return ["web": service]
    }

    /// How the second release is deployed, and whether it has the code of its day.
    struct Way: Sendable {
        var build = BuildPolicy.always
        var choice: BuildPolicy?
        var policy: String?
        let isNew: Bool

        static let all = [
            Way(isNew: true), Way(build: .missing, isNew: false), Way(build: .never, isNew: false),
            Way(choice: .never, isNew: false), Way(build: .never, choice: .always, isNew: true),
            Way(policy: "missing", isNew: false), Way(policy: "build", isNew: true),
            Way(policy: "always", isNew: true), Way(build: .missing, policy: "always", isNew: true),
            Way(policy: "if_not_present", isNew: false),
            Way(choice: .always, policy: "missing", isNew: true),
        ]
    }

    @Test("A release has the code of its day, unless somebody said otherwise", arguments: Way.all)
    func secondRelease(_ way: Way) async throws {
        try await EngineStage.set("real-build") { stage in
            let told = Told()
            try write("1", in: stage.folder)
            try await stage.deploy(
                services(stage.folder), roles: [:], at: blue,
                by: stage.engine { $0.reporter = told })
            // The builder may still have what an earlier test built.
            #expect(told.all.contains { $0.hasPrefix("Images: web built") })
            let engine = stage.engine {
                $0.choices.pull = nil
                $0.choices.build = way.choice
                $0.build = way.build
                $0.reporter = told
            }
            try write("2", in: stage.folder)
            try await stage.deploy(
                services(stage.folder, policy: way.policy), roles: [:], at: green, by: engine)
            let first = try await stage.api.imageID(of: image(blue))
            let second = try await stage.api.imageID(of: image(green))
            #expect((first != second) == way.isNew)
            let line = "Images: web not built, the image that is here."
            #expect(told.all.contains(line) == !way.isNew)
            #expect(told.all.contains { $0.hasPrefix("Every image is the one of") } == !way.isNew)
        }
    }

    @Test("A build that changes nothing says so, whatever the release is called")
    func sameCode() async throws {
        try await EngineStage.set("real-same") { stage in
            let told = Told()
            let engine = stage.engine { $0.reporter = told }
            try write("1", in: stage.folder)
            for place in [blue, green] {
                try await stage.deploy(services(stage.folder), roles: [:], at: place, by: engine)
            }
            #expect(told.all.contains("Images: web built, the same as before."))
            #expect(
                told.all.contains(
                    "Every image is the one of release \(blue.release) in blue: this release has "
                        + "no other code, only its settings can differ."))
        }
    }

    @Test("A shared service that is built is named by each release that did not build it")
    func sharedBuild() async throws {
        try await EngineStage.set("real-shared-build") { stage in
            let engine = stage.engine()
            func place(_ colour: Colour, in time: Duration) -> Placement {
                let moment = SystemClock().now + time
                return Placement(colour: colour, release: ReleaseID(at: moment, entropy: 1))
            }
            let (first, second) = (place(.blue, in: .seconds(-60)), place(.green, in: .seconds(60)))
            for place in [first, second] {
                try write("\(place.colour)", in: stage.folder)
                try await stage.deploy(
                    services(stage.folder), roles: ["web": .shared], at: place, by: engine)
                _ = try await stage.start("web", .shared, at: place, by: engine)
                let stale = try await engine.staleShared(beside: place.release)
                #expect(stale == (place == first ? [] : [StaleShared("web", .notBuilt)]))
            }
        }
    }

    private func image(_ place: Placement) -> String {
        "teal/real-build/web:\(place.release)"
    }
}
