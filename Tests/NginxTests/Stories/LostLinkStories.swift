import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

/// A lost link and lost markers behind a real nginx.
@Suite("A lost link behind a real nginx", .serialized)
struct LostLinkStories {
    private let files = FileSystem()

    private func told(
        _ mode: SwitchMode = .live, _ body: (OwnNginx, NginxRouter) async throws -> Void
    ) async throws {
        try await OwnNginx.running { own in
            try own.writeConfig(site: own.usualSite)
            let router = try own.router(mode: mode)
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(try await own.answer() == "green")
            try await body(own, router)
        }
    }

    @Test("A5: Without a reload a link that was put back has nginx answer as before")
    func link() async throws {
        try await told { own, router in
            let workers = try own.workers
            let link = router.link
            try files.removeTree(link)
            #expect(try await own.answer() == "blue")
            try await router.putBackLink(to: .green, nil)
            #expect(try await own.answer() == "green")
            try await router.confirm(.all(.green))
            try files.removeTree(link)
            try files.makeFolder(link, access: .everyoneReads)
            try await router.putBackLink(to: .green, nil)
            #expect(try await own.answer() == "green")
            #expect(try own.workers == workers)
        }
    }

    @Test("A5: In reload mode a lost link keeps nginx from its next start, until it is put back")
    func reloadMode() async throws {
        try await told(.reload) { own, router in
            try files.removeTree(router.link)
            #expect(try await own.answer() == "green")
            #expect(try await !own.test())
            try files.removeTree("\(own.directory)/shop/green")
            try await router.putBackLink(to: .green, nil)
            #expect(try await own.test())
            try await router.confirm(.all(.green))
        }
    }

    @Test("A9: Without a reload lost markers are back, and nginx answers as the link says")
    func markers() async throws {
        try await told { own, router in
            let workers = try own.workers
            try files.removeTree("\(own.directory)/shop/green")
            #expect(try await own.answer() == "blue")
            #expect(try await router.heal().count == 1)
            #expect(try await own.answer() == "green")
            try await router.confirm(.all(.green))
            #expect(try own.workers == workers)
        }
    }

    @Test("A5: Workers that still know a removed folder answer the right colour at once")
    func folder() async throws {
        try await told { own, router in
            try files.removeTree("\(own.directory)/shop")
            #expect(try await own.answer() == "blue")
            try await router.putBackLink(to: .green, own.table)
            #expect(try await own.answer() == "green")
            try await router.confirm(.all(.green))
        }
    }
}
