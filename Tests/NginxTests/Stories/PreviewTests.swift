import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("A preview behind a real nginx", .serialized)
struct PreviewTests {
    private func told(
        _ mode: SwitchMode = .live, http: ((String) -> String)? = nil,
        _ body: (OwnNginx, NginxRouter, String) async throws -> Void
    ) async throws {
        try await OwnNginx.running { own in
            // Beside the status server nobody listens at this address of the host.
            let listen = "127.0.0.2:\(own.statusPort)"
            // A site without files of the app would be refused, and nothing known of the rest.
            try own.writeConfig(
                http: http?(listen) ?? "", site: http == nil ? own.usualSite : nil)
            try await body(own, try router(own, mode, listen), listen)
        }
    }

    private func router(
        _ own: OwnNginx, _ mode: SwitchMode, _ listen: String
    ) throws -> NginxRouter {
        var settings = try own.settings(mode: mode)
        settings.preview = try NginxSettings.Preview(listen: listen, service: "web")
        return NginxRouter(
            nginx: RunningNginx(
                settings: settings, runner: SubprocessCommandRunner(), status: StatusClient(),
                processes: ProcProcesses(), clock: SystemClock()))
    }

    private func look(_ listen: String, path: String = "/") async throws -> String {
        try await SubprocessCommandRunner().run(
            Command("curl", ["--silent", "--include", "http://\(listen)\(path)"])
        ).standardOutput
    }

    @Test(
        "A preview shows the colour without the traffic, whoever has it",
        arguments: [
            SwitchMode.live, .reload,
        ])
    func colours(mode: SwitchMode) async throws {
        try await told(mode) { own, router, listen in
            try await router.prepare()
            try await router.arm(RoutingTable(blue: own.table.blue, green: []))
            // The first candidate is blue.
            #expect(try await look(listen).hasSuffix("\r\n\r\nblue"))
            try await router.route(.all(.blue))
            let nobody = try await look(listen)
            #expect(nobody.hasPrefix("HTTP/1.1 503 "))
            #expect(nobody.contains("X-Teal-Colour: green"))
            #expect(
                nobody.hasSuffix(
                    "shop: web in green, the colour without the traffic, gives no answer.\n"))
            try await router.arm(own.table)
            #expect(try await look(listen).hasSuffix("\r\n\r\ngreen"))
            try await router.setMaintenance(.on)
            #expect(try await look(listen).hasSuffix("\r\n\r\ngreen"))
            try await router.route(.all(.green))
            #expect(try await look(listen).hasSuffix("\r\n\r\nblue"))
            #expect(try await look(listen, path: "/.teal").hasSuffix("\r\n\r\nblue"))
            let url = try await router.previewURL()
            #expect(url == "http://\(listen)")
        }
    }

    @Test("A preview that teal.yml names no more is closed by the next arming")
    func removed() async throws {
        try await told { own, router, listen in
            try await router.prepare()
            try await router.arm(own.table)
            try await own.router().prepare()
            try await own.router().arm(own.table)
            #expect(try await look(listen).isEmpty)
            #expect(try await own.router().previewURL() == nil)
        }
    }

    @Test(
        "A preview is refused the address of another server of nginx before a file is written"
    )
    func takenByServer() async throws {
        try await told(http: { "server { listen \($0); return 204; }\n" }) { own, router, listen in
            let error = await #expect(throws: NginxError.self) { try await router.prepare() }
            #expect(error?.description.contains("\(own.config):") == true)
            await #expect(throws: NginxError.self) { try await router.notices() }
            #expect(!FileSystem().exists("\(own.directory)/shop"))
        }
    }

    @Test("A preview is refused an address that another program has, and keeps its own")
    func takenByProgram() async throws {
        try await told { own, router, _ in
            // The backends are an nginx of their own.
            let taken = "127.0.0.1:\(own.bluePort)"
            let other = try self.router(own, .live, taken)
            await #expect(
                throws: NginxError.previewTaken(
                    try #require(StatusAddress(taken)), by: "another program listens there")
            ) {
                try await other.prepare()
            }
            try await router.prepare()
            try await router.arm(own.table)
            try await router.prepare()
            _ = try await router.notices()
        }
    }

    @Test(
        "A preview listens at nothing but an address and a port",
        arguments: ["", "8089", "127.0.0.1", "127.0.0.1:0", "a:80", "127.0.0.1:80;", "[::1]:80"])
    func grammar(listen: String) {
        #expect(throws: NginxError.self) {
            try NginxSettings.Preview(listen: listen, service: "web")
        }
    }

    @Test("A preview of an impossible service name is refused")
    func service() {
        #expect(throws: NginxError.self) {
            try NginxSettings.Preview(listen: "127.0.0.1:80", service: "web;")
        }
    }
}
