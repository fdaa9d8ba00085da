import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing
import TestSupport

/// A compose model and a `teal.yml` made by chance of what people write.
private struct MadeProject {
    let project: ComposeProject
    let settings: [String: ServiceSettings]

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let names = ["api", "db", "front", "jobs", "web"].prefix(
            Int.random(in: 1...5, using: &generator))
        var services: [String: JSONValue] = [:]
        var settings: [String: ServiceSettings] = [:]
        for name in names {
            services[name] = Self.service(named: name, among: Array(names), &generator)
            settings[name] = Self.settings(&generator)
        }
        project = ComposeProject(app: "shop", model: ["services": .object(services)])
        self.settings = settings
    }

    private static func service(
        named name: String, among names: [String], _ generator: inout SeededGenerator
    ) -> JSONValue {
        func chance(_ share: Int) -> Bool { Int.random(in: 1...100, using: &generator) <= share }
        // Some are the release's own by their image, or by their build.
        var model: JSONValue = ["image": chance(50) ? "x" : .string(name)]
        if chance(20) { model["build"] = ["context": "/srv"] }
        // Compose refuses cycles, so each waits for earlier names only.
        let earlier = names.filter { $0 < name && chance(40) } + (chance(10) ? ["absent"] : [])
        let later = earlier.map { name in
            let end = chance(15) ? "service_completed_successfully" : "service_started"
            return (name, ["condition": .string(end)] as JSONValue)
        }
        model["depends_on"] = .object(Dictionary(uniqueKeysWithValues: later))
        if chance(10) {
            model["volumes"] = [["type": "volume", "target": "/state"]]
        } else if chance(40) {
            model["volumes"] = [
                ["type": "volume", "source": .string(name), "target": "/data"],
                ["type": "bind", "source": "/run/x.sock", "target": "/x.sock"],
            ]
        }
        let ports = [80, 443, 5432, 9229].filter { _ in chance(25) }
        model["ports"] = .array(
            ports.map { ["target": .integer(Int64($0)), "published": .string("\($0 + 1)")] })
        if chance(10) { model["scale"] = .integer(Int64.random(in: 0...2, using: &generator)) }
        if chance(5) { model["network_mode"] = "host" }
        let lender = names.first { $0 < name }
        if let lender, chance(10) { model["network_mode"] = .string("service:\(lender)") }
        if let lender, chance(10) { model["pid"] = .string("service:\(lender)") }
        if chance(10) { model["links"] = [.string("\(names[0]):other")] }
        if chance(5) { model["container_name"] = "other" }
        return model
    }

    private static func settings(_ generator: inout SeededGenerator) -> ServiceSettings {
        func chance(_ share: Int) -> Bool { Int.random(in: 1...100, using: &generator) <= share }
        var settings = ServiceSettings()
        if chance(30) { settings.port = 80 }
        if settings.port == nil, chance(60) {
            settings.role = [.exposed, .internal, .shared, .singleton]
                .randomElement(using: &generator)
        }
        if chance(10) { settings.unpublished = [443...443] }
        if chance(10) { settings.volumes = .shared }
        return settings
    }
}

struct RemedyTests {
    /// Far more than any project here has lines to write.
    private static let steps = 60

    @Test("B6: following the told lines ends, and never in a circle", arguments: 1...6)
    func ends(_ group: UInt64) {
        for seed in group * 1000..<group * 1000 + 500 {
            var generator = SeededGenerator(seed: seed)
            let made = MadeProject(seed: seed)
            var settings = made.settings
            var seen: Set<[String: ServiceSettings]> = [settings]
            var path: [String] = []
            while let problem = made.project.problems(settings).first(where: {
                !$0.remedies.isEmpty
            }),
                let remedy = problem.remedies.randomElement(using: &generator)
            {
                #expect(problem.message.contains("`\(remedy.line)`"))
                remedy.apply(to: &settings)
                path.append(remedy.line)
                guard seen.insert(settings).inserted, path.count < Self.steps else {
                    Issue.record("seed \(seed) goes in a circle: \(path)")
                    return
                }
            }
            let left = made.project.problems(settings).flatMap(\.remedies)
            #expect(left == [], "seed \(seed): \(path)")
        }
    }

    @Test("B6: each project that is refused for roles, ports and volumes alone ends at Ready")
    func ready() {
        var count = 0
        for seed in UInt64(1)...500 {
            var settings = MadeProject(seed: seed).settings
            let project = MadeProject(seed: seed).project
            guard project.problems(settings).contains(where: { !$0.remedies.isEmpty }) else {
                continue
            }
            for _ in 1...Self.steps {
                project.problems(settings).compactMap(\.remedies.first).first?.apply(to: &settings)
            }
            if project.problems(settings).isEmpty { count += 1 }
        }
        #expect(count > 200, "only \(count)")
    }
}
