import BlueGreen
import Glibc
import HostSystem
import Orchestration
import TestSupport

@testable import Nginx

/// An nginx of the test's own on loopback ports, with two servers that stand in for the colours,
/// in a second nginx that nothing reloads.
struct OwnNginx {
    let folder: String
    let sitePort: Int
    let statusPort: Int
    let bluePort: Int
    let greenPort: Int
    /// Another nginx than the host's can be named, to run the same stories with its version.
    static let binary = ProcessInformation.environment["TEAL_TEST_NGINX"] ?? "nginx"
    private let runner = SubprocessCommandRunner()
    private let files = FileSystem()

    var directory: String { "\(folder)/teal" }
    var config: String { "\(folder)/nginx.conf" }
    var userLog: String { "\(folder)/user.log" }

    /// Runs the story beside an nginx that has just started, and leaves nothing behind however it
    /// ends.
    static func running(
        http: String = "", access: String = "access_log off;", includesTeal: Bool = true,
        workers: Int = 2, _ story: (OwnNginx) async throws -> Void
    ) async throws {
        let own = try await start(
            http: http, access: access, includesTeal: includesTeal, workers: workers)
        do {
            try await story(own)
        } catch {
            try own.stop()
            throw error
        }
        try own.stop()
    }

    /// Arms the colours, and gives blue all requests.
    func serveBlue(by router: NginxRouter) async throws {
        try await router.prepare()
        try await router.arm(table)
        try await router.route(.all(.blue))
    }

    /// - Parameters:
    ///   - http: lines for the http block, before the line that includes Teal's files.
    ///   - access: what it says of access logs, `LOG` being the user's.
    ///   - site: the site's server block; nil for the usual one.
    private static func start(
        http: String = "", access: String = "access_log off;", site: String? = nil,
        includesTeal: Bool = true, workers: Int = 2
    ) async throws -> OwnNginx {
        let ports = try (0..<4).map { _ in
            guard let port = FreePorts.next() else {
                throw NginxError.notFound(text: "no free port")
            }
            return port
        }
        let folder = "/tmp/teal-nginx-\(ports[0])-\(getpid())"
        let own = OwnNginx(
            folder: folder, sitePort: ports[0], statusPort: ports[1], bluePort: ports[2],
            greenPort: ports[3])
        try own.files.removeTree(folder)
        try own.files.makeFolder(folder + "/teal", access: .everyoneReads)
        try own.write(
            "backends.conf",
            own.frame("backends", workers: 1)
                + "http {\naccess_log off;\nkeepalive_requests 100000000;\n"
                + own.temporaryPaths("backends")
                + own.backend("blue", own.bluePort) + own.backend("green", own.greenPort) + "}\n")
        try own.writeConfig(
            http: http, access: access.replacing("LOG", with: own.userLog), site: site,
            includesTeal: includesTeal, workers: workers)
        try await own.runNginx("backends.conf")
        try await own.runNginx("nginx.conf")
        return own
    }

    func writeConfig(
        http: String = "", access: String = "access_log off;", site: String? = nil,
        includesTeal: Bool = true, workers: Int = 2
    ) throws {
        let include = includesTeal ? "include \(directory)/*/http.conf;\n" : ""
        let server = site ?? "server { listen 127.0.0.1:\(sitePort); return 404; }\n"
        try write(
            "nginx.conf",
            frame("nginx", workers: workers) + "http {\n\(access)\n\(http)\n"
                + temporaryPaths("nginx") + include + server + "}\n")
    }

    /// The site that the documentation tells a user to write.
    var usualSite: String {
        """
        server {
            listen 127.0.0.1:\(sitePort);
            client_max_body_size 8m;
            include \(directory)/shop/server.conf;
            location / {
                include \(directory)/shop/web.conf;
            }
        }

        """
    }

    func settings(
        app: String = "shop", mode: SwitchMode = .live, services: [String] = ["web"],
        rollout: NginxSettings.Rollout = NginxSettings.Rollout()
    ) throws -> NginxSettings {
        try NginxSettings(
            app: app, services: services, mode: mode,
            place: NginxSettings.Place(
                directory: directory, binary: Self.binary, config: config,
                statusAddress: "127.0.0.1:\(statusPort)"), rollout: rollout)
    }

    /// - Parameter patience: how long the workers may take to follow a reload.
    func router(
        app: String = "shop", mode: SwitchMode = .live,
        patience: Duration = .seconds(20),
        rollout: NginxSettings.Rollout = NginxSettings.Rollout()
    ) throws -> NginxRouter {
        NginxRouter(
            nginx: RunningNginx(
                settings: try settings(app: app, mode: mode, rollout: rollout), runner: runner,
                status: StatusClient(),
                processes: ProcProcesses(), clock: SystemClock(), patience: patience))
    }

    var table: RoutingTable {
        RoutingTable(
            blue: [Route(service: "web", endpoints: ["127.0.0.1:\(bluePort)"])],
            green: [Route(service: "web", endpoints: ["127.0.0.1:\(greenPort)"])])
    }

    /// What the site answers over a fresh connection: its body, or the status where it is no 200.
    func answer(path: String = "/", header: String = "X-Test: 1") async throws -> String {
        let result = try await runner.run(
            Command(
                "curl",
                [
                    "-s", "-w", "%{http_code}", "-H", header,
                    "http://127.0.0.1:\(sitePort)\(path)",
                ], timeLimit: .seconds(20)))
        let text = result.standardOutput
        return text.hasSuffix("200") ? String(text.dropLast(3)) : String(text.suffix(3))
    }

    /// What the site answers to each client, one line per request, over few connections.
    ///
    /// - Parameter header: by which nginx knows the client of this number.
    func answers(
        to clients: Range<Int>, path: String = "/", header: (Int) -> String
    ) async throws -> [String] {
        let requests = clients.map {
            """
            url = "http://127.0.0.1:\(sitePort)\(path)"
            header = "\(header($0))"
            write-out = "\\n"
            silent
            """
        }
        let file = "clients-\(clients.lowerBound)-\(UInt64.random(in: 0 ... .max))"
        try write(file, requests.joined(separator: "\nnext\n") + "\n")
        let result = try await runner.run(
            Command(
                "curl", ["--config", "\(folder)/\(file)"], timeLimit: .seconds(90),
                outputLimit: .mebibytes(4)))
        return result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// Head and body of what the site answers.
    ///
    /// - Parameter arguments: a path, then options of curl, run in the folder of this nginx.
    func exchange(_ arguments: [String]) async throws -> String {
        // Without the wait for "100 Continue" an upload is simply sent.
        let options = ["--silent", "--include", "--max-time", "20", "--header", "Expect:"]
        return try await runner.run(
            Command(
                "curl",
                options + ["http://127.0.0.1:\(sitePort)\(arguments[0])"]
                    + arguments.dropFirst(),
                workingDirectory: folder, timeLimit: .seconds(25))
        ).standardOutput
    }

    func reload() async throws {
        _ = try await runner.run(Command(Self.binary, ["-s", "reload", "-c", config]))
    }

    /// As after a crash of the host: nothing of before is left running.
    func restart() async throws {
        let pid = pid_t(try files.readText("\(folder)/nginx.pid").prefix { $0.isNumber }) ?? 0
        kill(pid, SIGTERM)
        while kill(pid, 0) == 0 { await Task.yield() }
        try await runNginx("nginx.conf")
    }

    func test() async throws -> Bool {
        try await runner.run(Command(Self.binary, ["-t", "-c", config])).succeeded
    }

    var workers: Set<Int> {
        get throws {
            let pid = try files.readText("\(folder)/nginx.pid").prefix { $0.isNumber }
            return try ProcProcesses().workers(of: Int(pid) ?? 0).accepting
        }
    }

    /// By signal: `nginx -s stop` would first want a configuration that is right.
    private func stop() throws {
        for name in ["nginx", "backends"] {
            guard let text = try files.readTextIfPresent("\(folder)/\(name).pid"),
                let pid = pid_t(text.prefix { $0.isNumber })
            else { continue }
            kill(pid, SIGTERM)
        }
        // Until they have ended they may write into it.
        for _ in 1...1000 {
            do { return try files.removeTree(folder) } catch { sched_yield() }
        }
        try files.removeTree(folder)
    }

    func write(_ name: String, _ text: String) throws {
        try AtomicFile.write(text, to: "\(folder)/\(name)", access: .everyoneReads)
    }

    private func runNginx(_ name: String) async throws {
        var command = Command(Self.binary, ["-c", "\(folder)/\(name)"])
        command.orphan = .left  // It is a daemon.
        let result = try await runner.run(command)
        guard result.succeeded else {
            throw NginxError.refused(text: "\(result.ending): \(result.standardError)")
        }
    }

    private func frame(_ name: String, workers: Int) -> String {
        """
        worker_processes \(workers);
        pid \(folder)/\(name).pid;
        error_log \(folder)/\(name).log;
        events { worker_connections 1024; }

        """
    }

    private func temporaryPaths(_ name: String) -> String {
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder)/\(name)-\($0);\n" }.joined()
    }

    private func backend(_ answer: String, _ port: Int) -> String {
        """
        server {
            listen 127.0.0.1:\(port);
            underscores_in_headers on;
            large_client_header_buffers 4 64k;
            location / { default_type text/plain; return 200 "\(answer)"; }
            location /slow {
                limit_rate 1;
                return 200 "a byte per second, so that this answer outlasts every test of it";
            }
            location /once {
                if ($connection_requests != 1) { return 444; }
                return 200 "\(answer)";
            }
            location /silent { return 444; }
            location /echo {
                return 200 "$request_method $request_uri|$http_host|$http_x_teal_host|$http_x_teal_upstream|$http_x_forwarded_for";
            }
            location /length { return 200 "\(answer) $content_length"; }
            location /accelerated { return 200 "\(answer)"; add_header X-Accel-Redirect /inside; }
            location /underscored { add_header X-Large $http_my_header; return 200 "$http_my_header"; }
            location /headers {
                default_type text/plain;
                return 200 "$http_host|$http_connection|$http_x_forwarded_proto";
            }
            location /told {
                default_type text/plain;
                return 200 "$http_x_forwarded_proto|$http_x_forwarded_host|$http_x_forwarded_port|$http_x_forwarded_for|$http_x_real_ip|$http_forwarded$http_x_forwarded_ssl";
            }
        }

        """
    }
}
