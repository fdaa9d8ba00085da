import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Long names with a real nginx", .serialized, .timeLimit(.minutes(20)))
struct LongNameStories {
    /// An app for each length, and some with a service of each: the nginx here tests all that can
    /// stand in their files, with its own sizes.
    @Test(
        "B4: a stock nginx takes every length of an app's and of a service's name",
        arguments: [SwitchMode.live, .reload])
    func lengths(mode: SwitchMode) async throws {
        let folder = "/tmp/teal-names-\(mode)-\(ProcessInformation.pid)"
        let apps = Array(Set(NameTests.apps.filter { $0 != NameTests.letters })).sorted()
        let all =
            apps.map { ($0, ["web", "server"]) }
            + Self.groups.enumerated().map { ("\(NameTests.letters.dropLast())\($0)", $1) }
        var sites = ""
        for (app, services) in all {
            sites += try Self.write(app, services, mode, in: folder)
        }
        try AtomicFile.write(
            """
            pid \(folder)/pid;
            error_log stderr;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path \(folder)/body;
                proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi;
                uwsgi_temp_path \(folder)/uwsgi;
                scgi_temp_path \(folder)/scgi;
                include \(folder)/*/http.conf;
            \(sites)}

            """, to: "\(folder)/nginx.conf", access: .everyoneReads)
        let result = try await SubprocessCommandRunner().run(
            Command(OwnNginx.binary, ["-t", "-c", "\(folder)/nginx.conf"]))
        try FileSystem().removeTree(folder)
        #expect(result.succeeded, "\(result.standardError)")
    }

    /// The services of an app each: the status server's answer names them all, in more than one
    /// word of nginx, which takes none of 4,096 bytes.
    private static var groups: [[String]] {
        let all = Array(Set(NameTests.services)).sorted()
        return stride(from: 0, to: all.count, by: 64).map {
            Array(all[$0..<min($0 + 64, all.count)])
        }
    }

    /// - Returns: the app's site.
    private static func write(
        _ app: String, _ services: [String], _ mode: SwitchMode, in folder: String
    ) throws -> String {
        let blueprint = try LongNames.blueprint(
            app: app, services: services, mode: mode, live: LinkState(.blue),
            place: NginxSettings.Place(directory: folder))
        let paths = blueprint.paths
        let files = FileSystem()
        try files.makeFolder(paths.file("blue"), access: .everyoneReads)
        try files.makeFolder(paths.watch.path, access: .everyoneReads)
        for (path, text) in try blueprint.files.texts
        where path.hasSuffix(".conf") && (!path.contains("/") || path.hasPrefix("blue/")) {
            try AtomicFile.write(text, to: paths.file(path), access: .everyoneReads)
        }
        try files.replaceLink(at: paths.link, with: "blue")
        let locations = services.map {
            "location /\($0) { include \(paths.snippet(of: $0)); }\n"
        }
        return "server {\nlisten 127.0.0.1:8129;\n"
            + "include \(paths.server);\n\(locations.joined())}\n"
    }

    @Test(
        "B4, B10: requests follow the switch under the longest names and under Teal's own",
        arguments: [SwitchMode.live, .reload], ["server", "nginx", NameTests.service, "Web.API"])
    func follows(mode: SwitchMode, service: String) async throws {
        try await OwnNginx.running { own in
            let app = NameTests.letters
            let settings = try own.settings(
                app: app, mode: mode, services: [service],
                rollout: NginxSettings.Rollout(isObserved: true))
            let router = NginxRouter(
                settings, runner: SubprocessCommandRunner(), clock: SystemClock())
            let route = { (port: Int) in
                [Route(service: service, endpoints: ["127.0.0.1:\(port)"])]
            }
            let table = RoutingTable(blue: route(own.bluePort), green: route(own.greenPort))
            try await router.prepare()
            try await router.arm(table)
            try own.writeConfig(
                site: """
                    server {
                        listen 127.0.0.1:\(own.sitePort);
                        \(settings.serverLine)
                        location / { \(settings.locationLine(service)) }
                    }

                    """)
            for colour in [Colour.blue, .green, .blue] {
                try await router.arm(table)
                try await router.route(.all(colour))
                try await router.confirm(.all(colour))
                #expect(try await router.liveColour() == colour)
                #expect(try await own.answer() == colour.rawValue)
            }
        }
    }

    @Test("B4: the proof has the hash sizes of the real configuration")
    func sizes() async throws {
        try await OwnNginx.running(http: "variables_hash_bucket_size 64; map_hash_max_size 4096;") {
            own in
            let settings = try own.settings()
            let nginx = RunningNginx(
                settings: settings, runner: SubprocessCommandRunner(), status: StatusClient(),
                processes: ProcProcesses(), clock: SystemClock())
            let facts = NginxFacts(try await nginx.examine(), nil, settings)
            #expect(
                facts.hashSizes == ["variables_hash_bucket_size 64;", "map_hash_max_size 4096;"])
            let long = String(repeating: "v", count: 47)
            let files = GeneratedFiles(
                texts: ["http.conf": "map $uri $\(long) { default 1; }\n", "server.conf": ""],
                manifest: nil)
            await #expect(throws: NginxError.self) {
                try await StandaloneProof(nginx).prove(files, facts: facts)
            }
            try own.writeConfig(http: "variables_hash_bucket_size 128;")
            let larger = NginxFacts(try await nginx.examine(), nil, settings)
            try await StandaloneProof(nginx).prove(files, facts: larger)
        }
    }
}
