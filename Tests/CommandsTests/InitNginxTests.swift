import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Commands
@testable import Nginx

/// The files of the exposed services are those of a first deploy.
@Suite(
    "The lines that teal init prints for nginx, with a real nginx",
    .enabled(if: ProposalProject.hasCompose, "there is no Compose here: Tests/run.sh fetches it"))
struct InitNginxTests {
    @Test(
        "nginx takes them as they are printed, for one exposed service and for several",
        arguments: [
            ("storefronts", ["/", "/api/"]),
            ("traefik-before-apps", ["/", "/api/", "/console/"]), ("keycloak-alone", ["/"]),
            ("gateway-before-apps", ["/"]), ("template-traefik", ["/", "/backend/"]),
        ])
    func accepted(name: String, paths: [String]) async throws {
        let proposal = try await ProposalProject(name).proposal.settled()
        let printed = try Self.printed(proposal)
        let locations = printed.site.compactMap { line in
            let words = line.split(separator: " ")
            return words.first == "location" ? String(words[1]) : nil
        }
        #expect(locations.sorted() == paths)

        let folder = "/tmp/teal-init-nginx-\(name)-\(ProcessInformation.pid)"
        try Self.writeFiles(proposal, in: folder)
        try AtomicFile.write(
            """
            pid \(folder)/pid;
            error_log stderr;
            events {}
            http {
            access_log off;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            \(printed.http)
            server {
            listen 127.0.0.1:8127;
            \(printed.site.joined(separator: "\n"))
            }
            }

            """.replacing(NginxAccess().directory, with: folder), to: "\(folder)/nginx.conf",
            access: .everyoneReads)
        let result = try await SubprocessCommandRunner().run(
            Command("nginx", ["-t", "-c", "\(folder)/nginx.conf"]))
        try FileSystem().removeTree(folder)
        #expect(result.succeeded, "\(result.standardError)")
    }

    /// The indented lines: the first is for http { }, the others are for the server block.
    private static func printed(_ proposal: Proposal) throws -> (http: String, site: [String]) {
        let text = InitSummary(
            proposal: proposal, remarks: [], lines: try Wiring.nginxLines(for: proposal),
            path: nil, options: "", decisions: [], notes: []
        ).text
        let begin = try #require(text.firstRange(of: "nginx needs"))
        let lines = text[begin.lowerBound...].split(separator: "\n")
            .filter { $0.hasPrefix("    ") }.map(String.init)
        return (try #require(lines.first), Array(lines.dropFirst()))
    }

    private static func writeFiles(_ proposal: Proposal, in folder: String) throws {
        let exposed = proposal.services.filter { $0.port != nil }.map(\.name)
        let settings = try NginxSettings(
            app: proposal.app, services: exposed,
            place: NginxSettings.Place(directory: folder))
        let routes = { (endpoint: String) in
            exposed.map { Route(service: $0, endpoints: [endpoint]) }
        }
        let blueprint = Blueprint(
            settings: settings,
            table: RoutingTable(blue: routes("127.0.0.1:8081"), green: routes("127.0.0.1:8082")),
            live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status,
                gateways: ["172.30.255.201"], log: .server, hasRealIP: false))
        let app = AppFolder(settings)
        try app.replace(
            AppFolder.Contents(files: .none, live: LinkState(nil)), by: blueprint.files)
        try app.point(to: LinkState(.blue))
    }
}
