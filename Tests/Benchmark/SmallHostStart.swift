import BlueGreen
import Glibc
import HostSystem
import LoadReport
import TestSupport

/// How the services of `compose/nine` start on 1 CPU and 1 GB: all at once, with a fixed sleep
/// between two of them, and by Teal. First all nine on an empty host, then those of a colour beside
/// a live one that visitors use.
struct SmallHostStart {
    /// Requests per second.
    let rate: Int
    let rounds: Int
    /// Lines of `teal.yml` about the start, each to be measured; nil for the example's own.
    let starts: [String?]
    let parts: Parts
    private let quietTime = Duration.seconds(30)

    enum Parts {
        case all
        case besideLiveColour
    }

    func measure() async throws {
        let host = try SmallHost()
        print(
            """

            On the small host (1 CPU, 1 GB, no swap): dockerd, containerd, all containers, nginx, \
            teal, docker compose.
            Outside of it: the visitors and what measures.
            """)
        var rows: [SmallHostRow] = []
        try await Story.tell("nine") { story in
            try NineServices.write(to: story, start: starts[0])
            rows.append(try await nineByTeal(story, on: host))
            try await story.openSite(service: "gateway")
            for round in 1...rounds {
                for start in starts {
                    try NineServices.write(to: story, start: start)
                    rows.append(
                        try await besideByTeal(
                            story, on: host, start: start, version: "v\(round % 2 + 1)"))
                }
                if parts == .all { rows.append(try await besideAtOnce(story, on: host)) }
            }
        }
        if parts == .all {
            try await Story.tell("nine") { story in
                try NineServices.write(to: story, start: starts[0])
                rows.append(try await nineAtOnce(story, on: host))
            }
        }
        SmallHostRow.print(rows)
    }

    private func nineByTeal(_ story: Story, on host: SmallHost) async throws -> SmallHostRow {
        try await row("Teal", NineServices.all, story, host) {
            try await deploy(story, version: "v1") ? NineServices.all.count : 0
        }
    }

    private func nineAtOnce(_ story: Story, on host: SmallHost) async throws -> SmallHostRow {
        let crowd = AllAtOnce(story: story, services: NineServices.all)
        let row = try await row("all at once", NineServices.all, story, host) {
            try await crowd.start(version: "v1")
        }
        try await crowd.remove()
        return row
    }

    private func besideByTeal(
        _ story: Story, on host: SmallHost, start: String?, version: String
    ) async throws -> SmallHostRow {
        let quiet = try await quiet(story)
        let (row, busy) = try await story.underLoad(load) {
            try await self.row(
                start.map { "Teal beside a live colour, `\($0)`" } ?? "Teal beside a live colour",
                NineServices.coloured, story, host
            ) {
                try await deploy(story, version: version) ? NineServices.coloured.count : 0
            }
        }
        return row.with(quiet: quiet, busy: busy)
    }

    private func besideAtOnce(_ story: Story, on host: SmallHost) async throws -> SmallHostRow {
        let quiet = try await quiet(story)
        let crowd = AllAtOnce(story: story, services: NineServices.coloured)
        let (row, busy) = try await story.underLoad(load) {
            try await self.row(
                "all at once beside a live colour", NineServices.coloured, story, host
            ) {
                try await crowd.start(version: "v1")
            }
        }
        try await crowd.remove()
        return row.with(quiet: quiet, busy: busy)
    }

    /// Whether the release got the traffic; what Teal said is shown where it did not.
    private func deploy(_ story: Story, version: String) async throws -> Bool {
        let result = try await story.teal(
            ["deploy"], ["SHOP_VERSION": version], timeLimit: .seconds(600))
        print(result.standardError)
        // A run takes minutes, and its end may never come.
        fflush(nil)
        // Without a live colour there is nothing to measure; what is refused beside one is a row.
        if !result.succeeded {
            guard try await story.running(in: .blue) + story.running(in: .green) != [] else {
                throw StoryError.unexpected("teal deploy", result)
            }
            print(result.standardOutput)
        }
        return result.succeeded
    }

    private func row(
        _ way: String, _ services: [String], _ story: Story, _ host: SmallHost,
        _ start: @Sendable () async throws -> Int
    ) async throws -> SmallHostRow {
        let restartsBefore = try await restarts(story)
        let began = ContinuousClock.now
        let (ready, use) = try await host.watching(start)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let row = SmallHostRow(
            way: way, services: services.count, ready: ready, seconds: seconds, use: use,
            restarts: max(0, try await restarts(story) - restartsBefore))
        print("\(way): \(ready) of \(services.count) ready after \(seconds.text()) s")
        return row
    }

    private func quiet(_ story: Story) async throws -> LoadReport {
        // What the step before left behind is done by then.
        try await Task.sleep(for: .seconds(5))
        return try await story.underLoad(load) { try await Task.sleep(for: quietTime) }.1
    }

    private var load: Load {
        var load = Load(method: "GET", path: "/version")
        load.connections = 8
        load.rate = rate
        load.seconds = 900
        return load
    }

    /// How often Docker has started a container again that ended by itself.
    private func restarts(_ story: Story) async throws -> Int {
        let all = try await story.docker("ps", "--all", "--quiet").split(separator: "\n")
        guard !all.isEmpty else { return 0 }
        let counts = try await SubprocessCommandRunner().run(
            Command(
                "docker", ["inspect", "--format", "{{.RestartCount}}"] + all.map(String.init)))
        return counts.standardOutput.split(separator: "\n").compactMap { Int($0) }.reduce(0, +)
    }
}

/// The way without Teal: `docker compose up --detach` of everything, as a project of its own.
struct AllAtOnce {
    let story: Story
    let services: [String]

    private static let project = "crowd"

    /// Starts the services and waits until all of them answer healthy in one round, 180 s at most.
    ///
    /// - Returns: how many of them were healthy in the last round.
    func start(version: String) async throws -> Int {
        let began = ContinuousClock.now
        let result = try await compose(
            ["up", "--detach", "--no-deps"] + services,
            ["SHOP_VERSION": version, "GATEWAY_PORT": "0"])
        // Where memory is short it may fail half-way; what did start is measured all the same.
        if !result.succeeded {
            print("docker compose up: \(result.ending) \(result.standardError)")
        }
        var ready = 0
        while ContinuousClock.now - began < .seconds(180) {
            ready = try await addresses().filter(isHealthy).count
            if ready == services.count { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        return ready
    }

    func remove() async throws {
        let result = try await compose(["down", "--timeout", "1"], [:])
        guard result.succeeded else { throw StoryError.unexpected("docker compose down", result) }
    }

    private func compose(
        _ arguments: [String], _ environment: [String: String]
    ) async throws -> CommandResult {
        try await story.run(
            Command(
                "docker",
                [
                    "compose", "--project-name", Self.project, "--file",
                    story.folder + "/compose.yml",
                ] + arguments, environment: environment, timeLimit: .seconds(240)))
    }

    /// Of those that run now; a container that was started again may have another one.
    private func addresses() async throws -> [String] {
        let containers = try await story.docker(
            "ps", "--quiet", "--filter", "label=com.docker.compose.project=\(Self.project)")
        var addresses: [String] = []
        for container in containers.split(separator: "\n") {
            let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
            let result = try await SubprocessCommandRunner().run(
                Command("docker", ["inspect", "--format", format, String(container)]))
            // It may be gone meanwhile.
            let address = result.standardOutput.prefix { !$0.isNewline }
            if result.succeeded, !address.isEmpty { addresses.append(String(address)) }
        }
        return addresses
    }

    private func isHealthy(_ address: String) -> Bool {
        PlainClient(host: address, port: 8080)?.get("/healthz")?.contains(" 200 ") ?? false
    }
}
