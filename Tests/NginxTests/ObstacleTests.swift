import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("A router's obstacles")
struct ObstacleTests {
    private func exposed(_ names: String...) -> [PlannedService] {
        names.map { PlannedService(name: $0, role: .exposed, port: 8080) }
            + [PlannedService(name: "worker", role: .internal)]
    }

    private func told(_ body: (FakeNginx) async throws -> Void) async throws {
        let directory = "/tmp/teal-obstacles-\(UInt64.random(in: 0 ... .max))"
        try FileSystem().makeFolder(directory, access: .everyoneReads)
        try AtomicFile.write("4711\n", to: "\(directory)/nginx.pid", access: .everyoneReads)
        let fake = FakeNginx(
            try NginxSettings(
                app: "shop", services: ["web"],
                place: NginxSettings.Place(directory: directory)))
        do {
            try await body(fake)
        } catch {
            try FileSystem().removeTree(directory)
            throw error
        }
        try FileSystem().removeTree(directory)
    }

    private func serve(_ fake: FakeNginx) async throws {
        try await fake.router.prepare()
        try await fake.router.arm(RouterTests.table)
        try await fake.router.route(.all(.blue))
    }

    private func site(_ fake: FakeNginx) -> String {
        "server { include \(fake.folder.path)/server.conf;\n"
            + "location / { include \(fake.folder.path)/web.conf; } }"
    }

    @Test("A11: A look at the site changes nothing, and refuses what the site does not reach")
    func refused() async throws {
        try await told { fake in
            try await serve(fake)
            fake.add(config: site(fake))
            let before = try fake.folder.read()
            let commands = fake.commands.count
            #expect(try await fake.router.obstacles(to: exposed("web")) == [])
            let found = try await fake.router.obstacles(to: exposed("front"))
            #expect(found.map(\.description).first?.contains("(location /)") == true)
            #expect(try fake.folder.read() == before)
            #expect(fake.commands[commands...].allSatisfy { $0 == ["-V", "-T"] })
        }
    }

    @Test("The look before a deployment is good for its first act, and for no other")
    func once() async throws {
        try await told { fake in
            try await serve(fake)
            // Its knowledge lives as long as a run.
            let router = fake.router
            let looks = { fake.commands.count { $0 == ["-V", "-T"] } }
            let before = looks()
            _ = try await router.obstacles(to: exposed("web"))
            try await router.prepare()
            #expect(looks() == before + 1)
            try await router.prepare()
            #expect(looks() == before + 2)
            _ = try await router.obstacles(to: exposed("web"))
            try await fake.sleep(until: fake.now + .seconds(2))
            try await router.prepare()
            #expect(looks() == before + 4)
        }
    }

    @Test("A11: A first deploy passes, whether or not the site includes its files already")
    func first() async throws {
        try await told { fake in
            #expect(try await fake.router.obstacles(to: exposed("web")) == [])
            try fake.fail(with: .foreignFileBroken)
            #expect(try await fake.router.obstacles(to: exposed("web")) == [])
        }
    }

    @Test(
        "A11: A site that is ahead of the release with traffic is refused before a reload takes it")
    func ahead() async throws {
        try await told { fake in
            try await serve(fake)
            try fake.fail(with: .foreignFileBroken)
            // The same services: a way back needs no reload, and a deploy may.
            let same = try await fake.router.obstacles(to: exposed("web"))
            #expect(same.map(\.hindersWayBack) == [false])
            let found = try await fake.router.obstacles(to: exposed("front"))
            #expect(found.count == 1)
            #expect(found.first?.description.contains("other.conf:7") == true)
            #expect(found.first?.description.contains("This release brings front") == true)
        }
    }
}
