import HostSystem
import LoadReport
import TestSupport

/// CPU of nginx's workers per request: through Teal's live switch, and through a plain proxy_pass;
/// at rest, and while nginx writes down what it answers.
struct WorkerCost {
    private let rounds = 7

    func measure() async throws {
        try await measure("benchworker", bake: "{for: 0s}", named: "`switch: live`")
        try await measure("benchready", bake: "{for: 1s}", named: "the same, ready to watch")
    }

    private func measure(_ app: String, bake: String, named name: String) async throws {
        try await Stage.withBothColours(app, live: "live", more: "bake: \(bake)") { story in
            let address = try await story.docker(
                "inspect", "--format",
                "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                "\(app)-green-web-1")
            try story.write(
                """
                upstream plain_web { server \(address):8080; keepalive 32; }
                """, to: "nginx/http/plain.conf")
            try story.write(
                """
                location /plain/ {
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_pass http://plain_web/;
                }
                """, to: "nginx/site/plain.conf")
            try await story.reloadNginx()
            // The workers of before are gone by then, and do not count.
            try await Task.sleep(for: .seconds(2))
            var live: [Double] = []
            var plain: [Double] = []
            // In turns, so that a noisy neighbour is noise for both.
            for _ in 1...rounds {
                live.append(try await cost(of: "/version", in: story))
                plain.append(try await cost(of: "/plain/version", in: story))
            }
            let ratios = zip(live, plain).map { $0 / $1 }
            var table = Table("way", "us of worker CPU per request", "ratio")
            table.add("plain `proxy_pass`", plain.median.text(), "1")
            table.add(name, live.median.text(), ratios.median.text(2))
            table.print(title: "Cost of the live switch in nginx's workers")
        }
    }

    private func cost(of path: String, in story: Story) async throws -> Double {
        let workers = try workers(of: story)
        let before = try ticks(of: workers)
        let report = try await story.load(Load(method: "GET", path: path), requests: 30_000)
        let used = Double(try ticks(of: workers) - before)
        // The kernel counts in ticks of 10 ms.
        return used * 10_000 / Double(report.answered)
    }

    private func workers(of story: Story) throws -> [Int] {
        let files = FileSystem()
        let text = try files.readText(story.folder + "/nginx/nginx.pid")
        let master = text.prefix { $0.isNumber }
        let children = try files.readText("/proc/\(master)/task/\(master)/children")
        let pids = children.split(separator: " ").compactMap { Int($0) }
        guard !pids.isEmpty else { throw BenchmarkError.noWorkers }
        return pids
    }

    /// User and system time of the processes, fields 14 and 15 of `stat`.
    private func ticks(of pids: [Int]) throws -> Int {
        try pids.reduce(0) { sum, pid in
            let stat = try FileSystem().readText("/proc/\(pid)/stat")
            let fields = stat.drop { $0 != ")" }.split(separator: " ")
            return sum + (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
        }
    }
}
