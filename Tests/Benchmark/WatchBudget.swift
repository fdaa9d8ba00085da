import HostSystem
import Synchronization
import TestSupport

/// The budgets of `teal watch` and `teal probe`: memory and processor time at rest, the time from a
/// death to the restart, the wall time of a round, and what a store of many results costs.
struct WatchBudget {
    let apps: Int
    let deaths: Int
    let rows: Int

    private let sample = Duration.seconds(60)
    private static let settings =
        "{every: 10s, grace: 1s, "
        + "restart: {at_most: 100, within: 10m, pause: 1s, longest: 1s, reset_after: 10s}}"

    func measure() async throws {
        try await atRest()
        try await withManyApps()
        try await afterDeaths()
        try await ofRounds()
    }

    // MARK: At rest

    private func atRest() async throws {
        var table = Self.restTable
        try await Self.tell("benchrest", replicas: 4) { story in
            try await measureRest(story, "1 app of 4 replicas", &table)
        }
        table.print(title: "`teal watch` at rest, every 10 s")
    }

    private func withManyApps() async throws {
        var table = Self.restTable
        try await Self.tell("benchmany", replicas: 1) { story in
            let others = try (1..<max(1, apps)).map { try story.neighbour("benchmany\($0)") }
            do {
                for other in others { try await Self.deploy(other, replicas: 1) }
                try await measureRest(story, "\(apps) apps of 1 replica", &table)
            } catch {
                try await story.remove(others)
                throw error
            }
            try await story.remove(others)
        }
        table.print(title: "`teal watch` at rest with many apps, every 10 s")
    }

    private static var restTable: Table {
        Table(
            "watched", "resident MB", "of it anonymous MB", "peak MB", "threads",
            "share of one core %")
    }

    private func measureRest(_ story: Story, _ name: String, _ table: inout Table) async throws {
        let row = try await Self.watching(story) { pid in
            // The first rounds of all apps, and the pages that they need.
            try await Task.sleep(for: .seconds(30))
            let (before, began) = (try ProcessReading(pid), ContinuousClock.now)
            try await Task.sleep(for: sample)
            let after = try ProcessReading(pid)
            let share = (after.processorTime - before.processorTime) / (ContinuousClock.now - began)
            return [
                name, after.resident.text(), after.anonymous.text(), after.peak.text(),
                "\(after.threads)", (share * 100).text(2),
            ]
        }
        table.add(row)
    }

    // MARK: Deaths

    /// In milliseconds since the death.
    private struct Restart: Sendable {
        let begun: Double
        let up: Double
    }

    private func afterDeaths() async throws {
        var moments: [Restart] = []
        try await Self.tell("benchdeath", replicas: 1) { story in
            let web = "benchdeath-blue-web-1"
            // Docker does not start it again by itself.
            try await story.docker("update", "--restart", "no", web)
            moments = try await Self.watching(story) { _ in
                // Its first round only records.
                try await Task.sleep(for: .seconds(12))
                var all: [Restart] = []
                for _ in 1...deaths {
                    let since = try await Self.now(story)
                    _ = try? await story.get("/crash")
                    try await story.until("it runs again") {
                        try await Self.events(of: web, since: since, story)["start"] != nil
                    }
                    let moments = try await Self.events(of: web, since: since, story)
                    guard let died = moments["die"], let started = moments["start"] else {
                        throw BenchmarkError.notStartedAgain("\(moments)")
                    }
                    let connected = moments["connect"] ?? started
                    all.append(
                        Restart(
                            begun: Double(connected - died) / 1e6,
                            up: Double(started - died) / 1e6))
                    try await story.untilVersion("v1")
                    // A restart has a pause of a second behind it.
                    try await Task.sleep(for: .seconds(2))
                }
                return all
            }
        }
        let (begun, up) = (moments.map(\.begun), moments.map(\.up))
        var table = Table("\(deaths) deaths, by Docker's own events", "median ms", "worst ms")
        table.add(
            "to its network, early in the restart", begun.median.text(),
            (begun.max() ?? 0).text())
        table.add("to its first process, which ends it", up.median.text(), (up.max() ?? 0).text())
        table.print(title: "From a container's death to its restart by the event")
    }

    private static func now(_ story: Story) async throws -> String {
        try await story.docker("info", "--format", "{{.SystemTime}}")
    }

    /// The first moment of each action, in nanoseconds.
    private static func events(
        of container: String, since: String, _ story: Story
    ) async throws -> [String: Int64] {
        let id = try await story.docker("inspect", "--format", "{{.Id}}", container)
        // A network's event names its container, and is none of the container's.
        let lines = try await story.docker(
            "events", "--since", since, "--until", try await now(story), "--format",
            "{{.Action}} {{.TimeNano}} {{.Actor.ID}} {{index .Actor.Attributes \"container\"}}")
        var moments: [String: Int64] = [:]
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 3, words[2...].contains(id), let at = Int64(words[1]) else {
                continue
            }
            moments[words[0]] = moments[words[0]] ?? at
        }
        return moments
    }

    // MARK: Rounds and stored results

    private func ofRounds() async throws {
        var probe = Table("`teal probe`, 4 replicas", "median ms", "p95 ms", "peak MB")
        var full = Table("stored results", "program", "median ms", "p95 ms", "peak MB")
        try await Self.tell("benchround", replicas: 4) { story in
            let results = StoredResults(story.folder + "/state/benchround/watch.sqlite")
            var (walls, rests): ([ProcessCost], [Double]) = ([], [])
            for _ in 1...20 {
                let cost = try await Self.cost(of: ["probe"], story)
                walls.append(cost)
                rests.append(cost.milliseconds - (try results.slowestOfLastRound()))
            }
            probe.add(walls, "as a whole")
            probe.add(
                "beyond the slowest probe", rests.median.text(), rests.percentile(0.95).text(), "")
            for name in ["few", "\(rows)"] {
                if name != "few" { try results.add(rows, replicas: 4) }
                for words in [["status"], ["history"], ["probe"]] {
                    var costs: [ProcessCost] = []
                    for _ in 1...20 { costs.append(try await Self.cost(of: words, story)) }
                    full.add(costs, name, "`teal \(words[0])`")
                }
            }
        }
        probe.print(title: "What a round costs")
        full.print(title: "What stored results cost")
    }

    private static func cost(of words: [String], _ story: Story) async throws -> ProcessCost {
        let command = story.tealCommand(words)
        var environment = command.environment
        for name in ["PATH", "HOME", "DOCKER_HOST"] {
            environment[name] = ProcessInformation.environment[name]
        }
        let cost = try await ProcessCost.run(
            command.executable, command.arguments, environment: environment)
        guard cost.exitCode == 0 else {
            throw BenchmarkError.noFigure("\(words) ended with \(cost.exitCode)")
        }
        return cost
    }

    // MARK: The stage

    static func tell(
        _ app: String, replicas: Int, _ body: (Story) async throws -> Void
    ) async throws {
        try await Story.tell(app) { story in
            try await deploy(story, replicas: replicas)
            try await story.openSite()
            try await story.untilVersion("v1")
            try await body(story)
        }
    }

    static func deploy(_ story: Story, replicas: Int) async throws {
        try story.writeCompose(Stage.web)
        try story.writeConfiguration(
            """
            services:
              web: {port: 8080, health: {http: /healthz}, replicas: \(replicas)}
            start: {pause: 0s, at_most: 0s}
            drain: 0s
            watch: \(settings)
            """)
        try await story.deploy(["VERSION": "v1"])
    }

    static func watching<Value: Sendable>(
        _ story: Story, _ environment: [String: String] = [:],
        _ body: @Sendable (_ pid: Int) async throws -> Value
    ) async throws -> Value {
        let value = Mutex<Value?>(nil)
        try await story.watching(environment, reading: { _ in }) { log in
            try await story.until("the watch begins") { try log().contains("watched") }
            let text = try FileSystem().readText(story.folder + "/watch.pid")
            guard let pid = Int(text.filter(\.isNumber)) else {
                throw BenchmarkError.notStarted("teal watch")
            }
            let result = try await body(pid)
            value.withLock { $0 = result }
        }
        guard let result = value.withLock(\.self) else {
            throw BenchmarkError.notStarted("teal watch")
        }
        return result
    }
}

extension Table {
    /// A row about one program, behind these cells.
    mutating func add(_ costs: [ProcessCost], _ cells: String...) {
        let times = costs.map(\.milliseconds)
        add(
            cells + [
                times.median.text(), times.percentile(0.95).text(),
                (costs.map(\.peakMebibytes).max() ?? 0).text(),
            ])
    }
}

/// What the kernel tells of one process, in MB.
struct ProcessReading {
    let resident: Double
    let anonymous: Double
    let peak: Double
    let threads: Int
    /// Of all its threads.
    let processorTime: Duration

    init(_ pid: Int) throws {
        let files = FileSystem()
        var fields: [String: Double] = [:]
        for line in try files.readText("/proc/\(pid)/status").split(separator: "\n") {
            let words = line.split { $0.isWhitespace || $0 == ":" }
            if words.count >= 2 { fields[String(words[0])] = Double(words[1]) }
        }
        resident = (fields["VmRSS"] ?? 0) / 1024
        anonymous = (fields["RssAnon"] ?? 0) / 1024
        peak = (fields["VmHWM"] ?? 0) / 1024
        threads = Int(fields["Threads"] ?? 0)
        // Nanoseconds on a processor, by thread: finer than the ticks of /proc/PID/stat.
        var nanoseconds: Int64 = 0
        for thread in try files.list("/proc/\(pid)/task") {
            let text = try files.readText("/proc/\(pid)/task/\(thread)/schedstat")
            nanoseconds += text.split(separator: " ").first.flatMap { Int64($0) } ?? 0
        }
        processorTime = .nanoseconds(nanoseconds)
    }
}
