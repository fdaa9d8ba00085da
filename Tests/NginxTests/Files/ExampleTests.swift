import BlueGreen
import Glibc
import HostSystem
import Orchestration
import Testing

@testable import Nginx

/// After a change that is wanted, `TEAL_WRITE_EXAMPLES=1 swift test --filter ExampleTests` writes them
/// anew.
@Suite("The example files in nginx/")
struct ExampleTests {
    private let files = FileSystem()
    private let folder =
        "\(#filePath)".split(separator: "/").dropLast(4)
        .reduce("") { "\($0)/\($1)" } + "/nginx"

    private var generated: GeneratedFiles {
        get throws {
            let settings = try NginxSettings(
                app: "shop", services: ["web"],
                rollout: NginxSettings.Rollout(isObserved: true))
            return try Blueprint(
                settings: settings,
                table: RouterTests.table(blue: "127.0.0.1:8081", green: "127.0.0.1:8082"),
                live: LinkState(.blue),
                environment: Blueprint.Environment(
                    version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [],
                    log: .server)
            ).files
        }
    }

    @Test("The example files are what Teal generates")
    func golden() throws {
        let settings = try NginxSettings(
            app: "shop", services: [], place: NginxSettings.Place(directory: "\(folder)/teal"))
        let example = AppFolder(settings)
        if ProcessInformation.environment["TEAL_WRITE_EXAMPLES"] != nil {
            for (path, text) in try generated.texts {
                try AtomicFile.write(
                    text, to: "\(folder)/teal/shop/\(path)", access: .everyoneReads)
            }
        }
        #expect(try example.read() == generated)
        #expect(try example.state() == LinkState(.blue))
    }

    @Test("The example files are taken by nginx, with the site and the main file beside them")
    func accepted() async throws {
        let copy = "/tmp/teal-files-\(getpid())"
        try files.makeFolder(copy, access: .everyoneReads)
        let settings = try NginxSettings(
            app: "shop", services: [], place: NginxSettings.Place(directory: "\(copy)/teal"))
        var texts = try generated.texts
        for (path, text) in texts {
            texts[path] = text.replacing("/etc/nginx/teal", with: "\(copy)/teal")
        }
        let app = AppFolder(settings)
        try app.replace(
            AppFolder.Contents(files: .none, live: LinkState(nil)),
            by: GeneratedFiles(texts: texts, at: app.paths))
        try app.point(to: LinkState(.blue))
        for name in ["nginx.conf", "site.conf"] {
            let text = try files.readText("\(folder)/\(name)")
                .replacing("/etc/nginx/teal", with: "\(copy)/teal")
                .replacing("/tmp/teal-example", with: "\(copy)/run")
            try AtomicFile.write(text, to: "\(copy)/\(name)", access: .everyoneReads)
        }
        let result = try await SubprocessCommandRunner().run(
            Command("nginx", ["-t", "-c", "\(copy)/nginx.conf"]))
        try files.removeTree(copy)
        #expect(result.ending == .exited(0), "\(result.standardError)")
    }
}
