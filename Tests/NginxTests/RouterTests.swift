import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("An nginx router")
struct RouterTests {
    static let table = table(blue: "10.213.5.10:8080", green: "10.213.6.10:8080")

    static func table(blue: String, green: String) -> RoutingTable {
        RoutingTable(
            blue: [Route(service: "web", endpoints: [blue])],
            green: [Route(service: "web", endpoints: [green])])
    }

    static func blueprint(_ live: LinkState) throws -> Blueprint {
        let settings = try NginxSettings(app: "shop", services: ["web"])
        return Blueprint(
            settings: settings, table: table, live: live,
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: []))
    }

    /// A folder of its own for each test, gone afterwards.
    private func withFake(
        mode: SwitchMode = .live,
        rollout: NginxSettings.Rollout = NginxSettings.Rollout(),
        _ story: (FakeNginx) async throws -> Void
    ) async throws {
        let directory = "/tmp/teal-router-\(UInt64.random(in: 0 ... .max))"
        let files = FileSystem()
        try files.makeFolder(directory, access: .everyoneReads)
        try AtomicFile.write("4711\n", to: "\(directory)/nginx.pid", access: .everyoneReads)
        let fake = FakeNginx(
            try NginxSettings(
                app: "shop", services: ["web"], mode: mode,
                place: NginxSettings.Place(directory: directory), rollout: rollout))
        do {
            try await story(fake)
        } catch {
            try files.removeTree(directory)
            throw error
        }
        try files.removeTree(directory)
    }

    @Test(
        "The router writes, proves, tests, reloads and asks the workers, in this order",
        arguments: [
            SwitchMode.live, .reload,
        ])
    func order(mode: SwitchMode) async throws {
        try await withFake(mode: mode) { fake in
            try await fake.router.prepare()
            let proof = "\(fake.settings.directory)/.shop.proof/.main.conf"
            #expect(
                fake.commands == [
                    ["-V", "-T"], ["-t", "-c", proof], ["-V", "-T"], ["-s", "reload"],
                ])
            #expect(fake.running?.values == ["web": "_shop_none"])
            #expect(try await fake.router.liveColour() == nil)
        }
    }

    @Test("The workers of a master that runs on are counted without its whole configuration")
    func knownMaster() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            let first = try await fake.router.workers(since: nil)
            #expect(first.master == 4711)
            let examined = fake.commands.count
            try await fake.router.arm(Self.table)
            let armed = fake.commands.count
            let second = try await fake.router.workers(since: first)
            #expect(armed > examined)
            #expect(fake.commands.count == armed)
            #expect((second.master, second.version) == (first.master, first.version))
            try fake.restart(as: 4712)
            #expect(try await fake.router.workers(since: second).master == 4712)
            #expect(fake.commands.count > armed)
        }
    }

    @Test("The router reloads for new addresses and not for the same ones")
    func sameTable() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            let reloads = fake.reloads
            try await fake.router.arm(Self.table)
            #expect(fake.reloads == reloads)
            try await fake.router.arm(
                Self.table(blue: "10.213.5.11:8080", green: "10.213.6.10:8080"))
            #expect(fake.reloads == reloads + 1)
        }
    }

    @Test(
        "The router knows the addresses again from the files alone",
        arguments: [
            SwitchMode.live, .reload,
        ])
    func tableFromFiles(mode: SwitchMode) async throws {
        try await withFake(mode: mode) { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            #expect(try fake.blueprint.table == Self.table)
            #expect(try fake.blueprint.mode == mode)
        }
    }

    @Test(
        "The router puts everything back when a change fails, wherever it fails",
        arguments: [
            FakeNginx.Fault.proofRefused, .testRefused, .reloadRefused, .reloadIgnored,
        ])
    func putBack(fault: FakeNginx.Fault) async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.blue))
            let before = try fake.folder.read()
            let running = fake.running
            try fake.fail(with: fault)
            let error = await #expect(throws: NginxError.self) {
                try await fake.router.arm(Self.table(blue: "10.0.0.1:1", green: "10.0.0.2:1"))
            }
            if case .notPutBack = error { Issue.record("not put back") }
            #expect(try fake.folder.read() == before)
            #expect(fake.running == running)
            #expect(try await fake.router.liveColour() == .blue)
            #expect(try !FileSystem().list(fake.folder.path).contains(".previous"))
        }
    }

    @Test("The router puts the status server back where it listened when its new port is not free")
    func statusPort() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.blue))
            let before = try fake.folder.read()
            try fake.fail(with: .reloadIgnored)
            let moved = try NginxSettings(
                app: "shop", services: ["web"],
                place: NginxSettings.Place(
                    directory: fake.settings.directory, statusAddress: "127.0.0.1:8128"))
            let error = await #expect(throws: NginxError.self) {
                try await fake.router(moved).prepare()
            }
            if case .notPutBack = error { Issue.record("not put back") }
            #expect(try fake.folder.read() == before)
        }
    }

    @Test("The router says when the workers may not see where the link points")
    func hiddenLink() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.blue))
            try fake.folder.point(to: LinkState(.green))
            fake.hideLink()
            let error = await #expect(throws: NginxError.self) {
                try await fake.router.confirm(.all(.green))
            }
            guard case .linkNotSeen = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await fake.router.notices().contains { $0.contains("namei -l") })
        }
    }

    @Test("The router names the service whose snippet a site still includes")
    func snippet() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try fake.fail(with: .snippetIncluded)
            let error = await #expect(throws: NginxError.self) {
                try await fake.router.arm(Self.table)
            }
            guard case .noSnippet("api", _, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(
        "The router says that nobody has traffic when the first switch fails",
        arguments: [
            SwitchMode.live, .reload,
        ])
    func firstSwitchFails(mode: SwitchMode) async throws {
        try await withFake(mode: mode) { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            let before = try fake.folder.read()
            try fake.fail(with: mode == .live ? .reloadIgnored : .reloadAlwaysIgnored)
            await #expect(throws: NginxError.self) {
                try await fake.router.route(.all(.blue))
            }
            #expect(try await fake.router.liveColour() == nil)
            #expect(try fake.folder.read() == before)
            #expect(fake.running?.values == ["web": "_shop_none"])
        }
    }

    @Test("The router says when it cannot show that the files of before are in force")
    func notPutBack() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try fake.fail(with: .reloadIgnored)
            // The workers run something else than what stands on disk before the change.
            let other = FakeNginx(fake.settings)
            try other.fail(with: .reloadAlwaysIgnored)
            let error = await #expect(throws: NginxError.self) {
                try await other.router.arm(Self.table)
            }
            guard case .notPutBack = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try FileSystem().list(fake.folder.path).contains(".previous"))
            try await fake.router.prepare()
            #expect(try !FileSystem().list(fake.folder.path).contains(".previous"))
        }
    }

    @Test("The router undoes a change whose process died before the change was confirmed")
    func crash() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.blue))
            let before = try fake.folder.read()
            let wanted = try Blueprint(
                settings: fake.settings, table: Self.table(blue: "10.0.0.1:1", green: "10.0.0.2:1"),
                live: LinkState(.blue),
                environment: Blueprint.Environment(
                    version: NginxVersion(1, 22, 1), listen: fake.settings.status, gateways: [])
            ).files
            try fake.folder.replace(
                AppFolder.Contents(files: before, live: LinkState(.blue)), by: wanted)
            #expect(try fake.folder.read() == wanted)
            try await fake.router.prepare()
            #expect(try fake.folder.read() == before)
            #expect(fake.running == before.manifest?.answer(live: LinkState(.blue)))
        }
    }

    @Test("The router makes the workers follow the link where the process died between the two")
    func linkAhead() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try fake.folder.point(to: LinkState(.green))
            #expect(fake.running?.values == ["web": "_shop_none"])
            try await fake.router.prepare()
            #expect(fake.running?.values == ["web": "shop_web_green"])
            try await fake.router.confirm(.all(.green))
        }
    }

    @Test("The router refuses to begin while another's file is broken, and names it")
    func foreign() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try fake.fail(with: .foreignFileBroken)
            let error = await #expect(throws: NginxError.self) { try await fake.router.prepare() }
            #expect("\(error.map(String.init(describing:)) ?? "")".contains("other.conf:7"))
            #expect(fake.reloads == 1)
        }
    }

    @Test(
        "The router leaves no file where nginx does not read them, and says which line to add"
    )
    func notIncluded() async throws {
        try await withFake { fake in
            try fake.fail(with: .notIncluded)
            await #expect(
                throws: NginxError.notIncluded(
                    mainConfig: "/etc/nginx/nginx.conf",
                    line: "include \(fake.settings.directory)/*/http.conf;")
            ) { try await fake.router.prepare() }
            #expect(try fake.folder.read().texts.isEmpty)
            #expect(fake.reloads == 0)
        }
    }

    @Test("The router refuses a cache that would hide the switch, and names its line")
    func cache() async throws {
        try await withFake { fake in
            fake.add(config: "open_file_cache max=100;")
            await #expect(
                throws: NginxError.openFileCache(file: "/etc/nginx/nginx.conf", line: 4)
            ) { try await fake.router.prepare() }
        }
    }

    @Test("The router deploys unwatched where nginx may not open the log, and says so")
    func readOnly() async throws {
        try await withFake(rollout: NginxSettings.Rollout(isObserved: true)) { fake in
            fake.add(config: "access_log a;\nserver { include \(fake.folder.path)/server.conf; }")
            try await fake.router.prepare()
            #expect(try fake.blueprint.log == .http)
            try fake.fail(with: .readOnly)
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.blue))
            #expect(try fake.blueprint.log == .nowhere)
            #expect(throws: NginxError.notObserved(folder: fake.folder.path)) {
                try fake.folder.beginWatch()
            }
            #expect(try await fake.router.notices().contains { $0.contains("without :ro") })
        }
    }

    @Test("The router leaves files without a manifest alone while a colour has traffic")
    func noManifest() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.blue))
            let http = "\(fake.folder.path)/http.conf"
            let text = try FileSystem().readText(http)
            for damage in ManifestTests.unreadable {
                try AtomicFile.write(damage(text), to: http, access: .everyoneReads)
                let before = try fake.folder.read()
                await #expect(throws: NginxError.noManifest(file: http, .blue)) {
                    try await fake.router.prepare()
                }
                await #expect(throws: NginxError.self) {
                    try await fake.router.confirm(.all(.blue))
                }
                #expect(try fake.folder.read() == before)
                // The way back is a rename, and needs no file.
                for colour in [Colour.green, .blue] {
                    try await fake.router.route(.all(colour))
                    #expect(try await fake.router.liveColour() == colour)
                }
            }
            try await fake.router.route(.nobody)
            #expect(try await fake.router.liveColour() == nil)
            #expect(fake.running?.values == ["web": "_shop_none"])
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.green))
            try await fake.router.confirm(.all(.green))
        }
    }

    @Test("The router writes damaged files anew while nobody has traffic")
    func noManifestForNobody() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            let whole = try fake.folder.read()
            for damage in ManifestTests.unreadable {
                let http = "\(fake.folder.path)/http.conf"
                let text = damage(whole.texts["http.conf"] ?? "")
                try AtomicFile.write(text, to: http, access: .everyoneReads)
                try await fake.router.prepare()
                #expect(try fake.folder.read() == whole)
            }
        }
    }

    @Test("The router keeps maintenance over a switch, and when nobody has traffic")
    func maintenance() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try fake.folder.point(to: LinkState(nil, isInMaintenance: true))
            try await fake.router.route(.all(.green))
            #expect(try await fake.router.traffic() == Traffic(.green, isInMaintenance: true))
            try await fake.router.confirm(.all(.green))
            try await fake.router.route(.nobody)
            #expect(try await fake.router.traffic() == Traffic(nil, isInMaintenance: true))
        }
    }

    @Test("The router removes everything, and not while a site still reads it")
    func removal() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            let site = "server { include \(fake.folder.path)/server.conf; }"
            fake.add(config: site)
            await #expect(
                throws: NginxError.stillIncluded(["/etc/nginx/nginx.conf:4"])
            ) { try await fake.router.remove() }
            #expect(fake.folder.exists)
            fake.add(config: "")
            try await fake.router.remove()
            #expect(!fake.folder.exists)
            #expect(fake.running == nil)
            try await fake.router.remove()
        }
    }

    @Test("The router answers a service that only one colour has with the placeholder in the other")
    func oneSided() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(
                RoutingTable(
                    blue: Self.table.blue,
                    green: Self.table.green + [Route(service: "api", endpoints: ["10.0.0.9:80"])]))
            let files = try fake.folder.read()
            let blueprint = try fake.blueprint
            #expect(blueprint.services == ["web", "api"])
            #expect(blueprint.table.blue.map(\.service) == ["web"])
            #expect(
                files.texts["http.conf"]?.contains(
                    "upstream shop_api_blue {\n    server 127.0.0.1:8127;\n}") == true)
        }
    }

    @Test(
        "The router says that nobody has traffic where there is no link, and refuses a strange one")
    func strangeLink() async throws {
        try await withFake { fake in
            #expect(try await fake.router.liveColour() == nil)
            try FileSystem().makeFolder(fake.folder.path, access: .everyoneReads)
            try FileSystem().replaceLink(at: fake.folder.paths.link, with: "../other")
            // There is no file yet that such a link could speak of.
            try await fake.router.prepare()
            #expect(try fake.router.readLink() == .leads(Traffic(nil)))
            try FileSystem().replaceLink(at: fake.folder.paths.link, with: "../other")
            await #expect(throws: OrchestrationError.self) {
                try await fake.router.liveColour()
            }
        }
    }

    @Test(
        "The router follows a status address that was moved, and keeps the addresses of the colours"
    )
    func movedStatus() async throws {
        try await withFake { fake in
            try await fake.router.prepare()
            try await fake.router.arm(Self.table)
            try await fake.router.route(.all(.green))
            let moved = FakeNginx(
                try NginxSettings(
                    app: "shop", services: ["web"],
                    place: NginxSettings.Place(
                        directory: fake.settings.directory, statusAddress: "127.0.0.1:9000")))
            try await moved.router.prepare()
            let files = try moved.folder.read()
            #expect(files.texts["http.conf"]?.contains("listen 127.0.0.1:9000;") == true)
            #expect(try moved.blueprint.table == Self.table)
            #expect(moved.running?.values == ["web": "shop_web_green"])
        }
    }
}
