import HostSystem
import TestSupport

/// Requests of eight seconds that are under way when traffic moves, a second after their start,
/// and when the previous containers are stopped behind it.
struct LongRequests {
    /// Of each kind, in each of two switches.
    private let visitors = 6

    func measure() async throws {
        var table = Table(
            "way", "previous colour", "uploads lost", "chunked uploads lost", "streams lost",
            "websockets cut", "slowest upload, s")
        for (mode, previous) in [
            ("live", "running"), ("live", "stopped"), ("live", "removed"), ("reload", "stopped"),
        ] {
            let row = try await throughTeal(mode: mode, previous: previous)
            add(row, "`switch: \(mode)`", previous, to: &table)
        }
        for proxy in OtherProxy.allCases {
            guard try await proxy.isInstalled else {
                print("\(proxy.name) is not installed here, so it has no row: apt install \(proxy)")
                continue
            }
            // Their trouble must not take Teal's own rows away.
            do {
                add(try await through(proxy), proxy.name, "stopped", to: &table)
            } catch let error where !(error is CancellationError) {
                print("\(proxy.name) has no row: \(error)")
            }
        }
        table.print(title: "Requests of 8 s across a switch, \(visitors * 2) of each kind")
    }

    private func add(
        _ row: [LongVisitor: [Double?]], _ way: String, _ previous: String, to table: inout Table
    ) {
        let lost = { (visitor: LongVisitor) in
            "\(row[visitor, default: []].filter { $0 == nil }.count)"
        }
        let times = [.upload, .chunked].flatMap { row[$0, default: []] }.compactMap(\.self)
        table.add(
            way, previous, lost(.upload), lost(.chunked), lost(.stream), lost(.websocket),
            (times.max() ?? 0).text())
    }

    private func throughTeal(
        mode: String, previous: String
    ) async throws -> [LongVisitor: [Double?]] {
        var rows: [LongVisitor: [Double?]] = [:]
        try await Story.tell("benchlong") { story in
            try story.writeCompose(Stage.web)
            try story.writeConfiguration(
                """
                services:
                  web: {port: 8080, health: {http: /healthz}}
                start: {pause: 0s}
                drain: 30s
                switch: \(mode)
                keep: {previous: \(previous)}
                """)
            try await story.deploy(["VERSION": "v1"])
            try await story.openSite()
            for version in ["v2", "v3"] {
                let row = try await visits(port: story.port) {
                    try await story.deploy(["VERSION": version])
                }
                rows.merge(row) { $0 + $1 }
            }
        }
        return rows
    }

    /// The same containers behind another proxy. They are stopped ten seconds after its switch,
    /// when all that was under way has had its time.
    private func through(_ proxy: OtherProxy) async throws -> [LongVisitor: [Double?]] {
        var rows: [LongVisitor: [Double?]] = [:]
        try await Stage.withBothColours("benchother", live: "live") { story in
            var addresses: [String] = []
            for colour in ["blue", "green"] {
                addresses.append(
                    try await story.docker(
                        "inspect", "--format",
                        "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                        "benchother-\(colour)-web-1") + ":8080")
            }
            let run = try await RunningProxy.start(proxy, story, addresses)
            do {
                for (from, to) in [("blue", "green"), ("green", "blue")] {
                    try await story.docker("start", "benchother-\(to)-web-1")
                    try await run.route(to: to)
                    try await run.route(to: from)
                    let row = try await visits(port: run.port) {
                        try await run.route(to: to)
                        try await Task.sleep(for: .seconds(10))
                        try await story.docker("stop", "benchother-\(from)-web-1")
                    }
                    rows.merge(row) { $0 + $1 }
                }
            } catch {
                try await run.stop()
                throw error
            }
            try await run.stop()
        }
        return rows
    }

    private func visits(
        port: Int, _ move: () async throws -> Void
    ) async throws -> [LongVisitor: [Double?]] {
        try await withThrowingTaskGroup(of: (LongVisitor, Double?).self) { group in
            for visitor in LongVisitor.allCases {
                for _ in 1...visitors {
                    group.addTask { (visitor, try await visitor.visit(port: port)) }
                }
            }
            try await Task.sleep(for: .seconds(1))
            try await move()
            var row: [LongVisitor: [Double?]] = [:]
            for try await (visitor, time) in group { row[visitor, default: []].append(time) }
            return row
        }
    }
}
