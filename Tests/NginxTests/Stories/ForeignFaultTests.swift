import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Others' mistakes in a real nginx", .serialized)
struct ForeignFaultTests {
    enum Fault: CaseIterable {
        case brokenFile
        case lostInclude

        func put(in own: OwnNginx) throws {
            switch self {
            case .brokenFile: try own.writeConfig(http: "bogus;", site: own.usualSite)
            case .lostInclude: try own.writeConfig(site: own.usualSite, includesTeal: false)
            }
        }
    }

    private let services = [PlannedService(name: "web", role: .exposed, port: 8080)]

    @Test("Traffic moves by a rename whatever another has broken since", arguments: Fault.allCases)
    func switching(fault: Fault) async throws {
        try await OwnNginx.running { own in
            let router = try own.router()
            try own.writeConfig(site: own.usualSite)
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.green))
            try await own.reload()
            try fault.put(in: own)
            // Another run of Teal, which knows nothing yet.
            let later = try own.router()
            try await later.prepare()
            try await later.arm(own.table)
            try await later.route(.all(.blue))
            try await later.confirm(.all(.blue))
            #expect(try await own.answer() == "blue")
            try await later.setMaintenance(.on)
            #expect(try await own.answer() == "503")
            try await later.setMaintenance(.off)
            #expect(try await own.answer() == "blue")
            let obstacles = try await later.obstacles(to: services)
            #expect(obstacles.map(\.hindersWayBack) == [false])
            await #expect(throws: NginxError.self) { try await later.notices() }
        }
    }

    @Test("Where a switch is a reload, nothing begins on what another has broken")
    func reloading() async throws {
        try await OwnNginx.running { own in
            let router = try own.router(mode: .reload)
            try own.writeConfig(site: "server { listen 127.0.0.1:\(own.sitePort); }\n")
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.green))
            try Fault.brokenFile.put(in: own)
            await #expect(throws: NginxError.self) { try await own.router(mode: .reload).prepare() }
        }
    }

    @Test("No site loses its address to Teal's status server", arguments: [false, true])
    func sharedStatus(isServing: Bool) async throws {
        try await OwnNginx.running { own in
            try own.writeConfig(site: own.usualSite.replacing("8m", with: "9m"))
            if isServing {
                try await own.router().prepare()
                try await own.router().arm(own.table)
                try await own.router().route(.all(.green))
                try await own.reload()
                #expect(try await own.answer() == "green")
            } else {
                // The site is read whole, so that only the whole test can find it.
                try own.writeConfig()
                try await own.reload()
            }
            let before = try await own.answer()
            let files = try AppFolder(own.settings()).read()
            let other = NginxRouter(
                nginx: RunningNginx(
                    settings: try settings(own, status: own.sitePort),
                    runner: SubprocessCommandRunner(),
                    status: StatusClient(), processes: ProcProcesses(), clock: SystemClock()))
            let error = await #expect(throws: NginxError.self) { try await other.prepare() }
            #expect(error?.description.contains("would answer the site's requests") == true)
            await #expect(throws: NginxError.self) { try await other.notices() }
            #expect(try AppFolder(own.settings()).read() == files)
            #expect(try await own.answer() == before)
        }
    }

    @Test("The status server is refused an address that another program has, by check too")
    func takenStatus() async throws {
        try await OwnNginx.running { own in
            try own.writeConfig(site: nil)
            // The backends are an nginx of their own.
            let router = NginxRouter(
                nginx: RunningNginx(
                    settings: try settings(own, status: own.bluePort),
                    runner: SubprocessCommandRunner(),
                    status: StatusClient(), processes: ProcProcesses(), clock: SystemClock()))
            let taken = NginxError.statusTaken(
                try #require(StatusAddress("127.0.0.1:\(own.bluePort)")),
                by: "another program listens there")
            await #expect(throws: taken) { try await router.notices() }
            await #expect(throws: taken) { try await router.prepare() }
            #expect(!FileSystem().exists("\(own.directory)/shop"))
        }
    }

    private func settings(_ own: OwnNginx, status port: Int) throws -> NginxSettings {
        try NginxSettings(
            app: "shop", services: ["web"], mode: .live,
            place: NginxSettings.Place(
                directory: own.directory, binary: OwnNginx.binary, config: own.config,
                statusAddress: "127.0.0.1:\(port)"))
    }
}
