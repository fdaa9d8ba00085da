import BlueGreen
import Glibc
import HostSystem
import Orchestration
import Testing

@testable import Nginx

/// What the app's folder may lose, and how it is put right.
@Suite("An app's folder that has lost something")
struct LostLinkFilesTests {
    private let files = FileSystem()
    private static let steps = [Share(percent: 10), Share(percent: 50)]

    /// Green has traffic.
    private func withFake(
        _ mode: SwitchMode = .live, _ story: (FakeNginx) async throws -> Void
    ) async throws {
        let directory = "/tmp/teal-lost-\(UInt64.random(in: 0 ... .max))"
        try files.makeFolder(directory, access: .everyoneReads)
        try AtomicFile.write("4711\n", to: "\(directory)/nginx.pid", access: .everyoneReads)
        let fake = FakeNginx(
            try NginxSettings(
                app: "shop", services: ["web"], mode: mode,
                place: NginxSettings.Place(directory: directory),
                rollout: NginxSettings.Rollout(
                    isObserved: true, steps: mode == .live ? Self.steps : [])))
        do {
            try await fake.router.prepare()
            try await fake.router.arm(RouterTests.table)
            try await fake.router.route(.all(.green))
            try await story(fake)
        } catch {
            try files.removeTree(directory)
            throw error
        }
        try files.removeTree(directory)
    }

    private func finding(_ fake: FakeNginx) throws -> LostLink.Finding? {
        switch try fake.router.readLink() {
        case .lost(let lost), .unwritten(let lost): lost.finding
        case .leads: nil
        }
    }

    @Test(
        "A5: A lost link is told from one that names nobody, and nothing of the router acts on it",
        arguments: [SwitchMode.live, .reload])
    func lost(mode: SwitchMode) async throws {
        try await withFake(mode) { fake in
            let link = fake.folder.paths.link
            try files.removeTree(link)
            #expect(try finding(fake) == .missing)
            let before = try fake.folder.read()
            for act in Act.allCases {
                await #expect(throws: OrchestrationError.self) { try await act.run(fake.router) }
            }
            await #expect(throws: OrchestrationError.self) {
                try await fake.router.liveColour()
            }
            #expect(try fake.folder.read() == before)
            #expect(!files.isThere(link))
            for target in ["../other", "purple", "blue-canary-10-watched", "/etc"] {
                try files.replaceLink(at: link, with: target)
                #expect(try finding(fake) == .foreign(target: target))
            }
            try files.replaceLink(at: link, with: "none")
            #expect(try fake.router.readLink() == .leads(Traffic(nil)))
        }
    }

    enum Act: CaseIterable {
        case nobody
        case all
        case arm
        case maintenance
        case remove

        func run(_ router: NginxRouter) async throws {
            switch self {
            case .nobody: try await router.route(.nobody)
            case .all: try await router.route(.all(.blue))
            case .arm: try await router.arm(RouterTests.table)
            case .maintenance: try await router.setMaintenance(.on)
            case .remove: try await router.remove()
            }
        }
    }

    @Test(
        "A5: The link is made anew whatever of Teal's has its place, and markers are there first",
        arguments: [SwitchMode.live, .reload])
    func putBack(mode: SwitchMode) async throws {
        try await withFake(mode) { fake in
            let link = fake.folder.paths.link
            let whole = try fake.folder.read()
            let reloads = fake.reloads
            for damage in Damage.allCases {
                try damage.make(fake)
                #expect(try finding(fake) == damage.finding)
                try await fake.router.putBackLink(to: .green, nil)
                #expect(try fake.router.readLink() == .leads(Traffic(.green)))
                #expect(try fake.folder.read() == whole)
                #expect(
                    try files.list(fake.folder.path).filter { $0.hasPrefix("live") } == ["live"])
            }
            #expect(fake.reloads == reloads)
            try await fake.router.confirm(.all(.green))
            #expect(files.isSymbolicLink(link))
        }
    }

    enum Damage: CaseIterable {
        case missing
        case foreign
        case emptyFolder
        case copiedFolder
        case markersToo

        var finding: LostLink.Finding {
            switch self {
            case .missing, .markersToo: .missing
            case .foreign: .foreign(target: "/nowhere")
            case .emptyFolder, .copiedFolder: .folder
            }
        }

        func make(_ fake: FakeNginx) throws {
            let files = FileSystem()
            let link = fake.folder.paths.link
            try files.removeTree(link)
            switch self {
            case .missing: break
            case .foreign: try files.replaceLink(at: link, with: "/nowhere")
            case .emptyFolder: try files.makeFolder(link, access: .everyoneReads)
            case .copiedFolder:
                try files.makeFolder(link, access: .everyoneReads)
                for name in try files.list(fake.folder.paths.file("green")) {
                    let text = try files.readText(fake.folder.paths.file("green/\(name)"))
                    try AtomicFile.write(text, to: "\(link)/\(name)", access: .everyoneReads)
                }
            case .markersToo: try files.removeTree(fake.folder.paths.file("green"))
            }
        }
    }

    @Test("A5: A file, or a folder of somebody's, in the link's place is left as it is")
    func taken() async throws {
        try await withFake { fake in
            let link = fake.folder.paths.link
            try files.removeTree(link)
            try AtomicFile.write("mine", to: link, access: .everyoneReads)
            #expect(try finding(fake) == .taken)
            await #expect(throws: NginxError.linkTaken(link)) {
                try await fake.router.putBackLink(to: .green, nil)
            }
            #expect(try files.readText(link) == "mine")
            try files.removeTree(link)
            try files.makeFolder(link, access: .everyoneReads)
            try AtomicFile.write("mine", to: "\(link)/green", access: .everyoneReads)
            #expect(try finding(fake) == .taken)
            await #expect(throws: NginxError.linkTaken(link)) {
                try await fake.router.putBackLink(to: .green, nil)
            }
            #expect(try files.readText("\(link)/green") == "mine")
        }
    }

    @Test("A5: Files that send nobody anything say so of a link that is gone")
    func silent() async throws {
        try await withFake { fake in
            try await fake.router.route(.nobody)
            try files.removeTree(fake.folder.paths.link)
            guard case .lost(let lost) = try fake.router.readLink() else {
                Issue.record("not lost")
                return
            }
            #expect(lost.isWithoutSay)
            try await fake.router.putBackLink(to: nil, nil)
            #expect(try fake.router.readLink() == .leads(Traffic(nil)))
        }
    }

    @Test(
        "A5: A folder that is gone is written with the traffic where it was, in one reload",
        arguments: [SwitchMode.live, .reload])
    func folderGone(mode: SwitchMode) async throws {
        try await withFake(mode) { fake in
            let whole = try fake.folder.read()
            try files.removeTree(fake.folder.path)
            #expect(try finding(fake) == .unwritten)
            let reloads = fake.reloads
            try await fake.router.putBackLink(to: .green, RouterTests.table)
            #expect(try fake.folder.read() == whole)
            #expect(fake.reloads == reloads + 1)
            try await fake.router.confirm(.all(.green))
        }
    }

    @Test("A5: A link that is left alone in the folder keeps its word, and gets its files again")
    func linkAlone() async throws {
        try await withFake { fake in
            let whole = try fake.folder.read()
            for name in try files.list(fake.folder.path) where name != "live" {
                try files.removeTree(fake.folder.paths.file(name))
            }
            guard case .unwritten(let lost) = try fake.router.readLink() else {
                Issue.record("not unwritten")
                return
            }
            #expect(lost.says == .green)
            try await fake.router.putBackLink(to: .green, RouterTests.table)
            #expect(try fake.folder.read() == whole)
            #expect(try fake.router.readLink() == .leads(Traffic(.green)))
        }
    }

    @Test("A5: Where nginx refuses those files, no link is left that would speak of them")
    func folderRefused() async throws {
        try await withFake { fake in
            try files.removeTree(fake.folder.path)
            try fake.fail(with: .proofRefused)
            await #expect(throws: NginxError.self) {
                try await fake.router.putBackLink(to: .green, RouterTests.table)
            }
            #expect(try finding(fake) == .unwritten)
        }
    }

    @Test(
        "A9: The markers of any state are named when they are gone, and written again unasked",
        arguments: [SwitchMode.live, .reload])
    func markers(mode: SwitchMode) async throws {
        try await withFake(mode) { fake in
            let whole = try fake.folder.read()
            let reloads = fake.reloads
            for state in try fake.blueprint.states {
                let folder = fake.folder.paths.file(state.name)
                try files.removeTree(folder)
                #expect(
                    try fake.router.losses() == [
                        FolderLoss(
                            "The folder \(folder) is gone, by which nginx knows the state "
                                + "\(state.name).")
                    ])
                #expect(try await fake.router.heal().count == 1)
                #expect(try fake.folder.read() == whole)
                let marker = fake.folder.paths.file(state.path(of: state.markers[0]))
                try files.removeTree(marker)
                #expect(
                    try fake.router.losses().first?.description.contains(state.markers[0]) == true)
                try await fake.router.prepare()
                #expect(try fake.folder.read() == whole)
                #expect(try fake.router.losses().isEmpty)
            }
            #expect(fake.reloads == reloads)
        }
    }

    @Test(
        "A folder of Teal's that nginx's workers may not look into is told of, and opened again",
        arguments: ["", "green", "blue-watched", "maintenance.html"])
    func closed(name: String) async throws {
        try await withFake { fake in
            let path = name.isEmpty ? fake.folder.path : fake.folder.paths.file(name)
            let whole = try fake.folder.read()
            #expect(try fake.router.losses().isEmpty)
            for mode: mode_t in [0o000, 0o700, 0o711, 0o600] where chmod(path, mode) == 0 {
                // A file that everyone could execute is read by nobody else all the same.
                let losses = try fake.router.losses()
                #expect(losses.count { $0.description.contains(" \(path), ") } == 1)
                #expect(losses.allSatisfy { $0.remedy == .nextCommand })
                #expect(try await fake.router.heal().contains { $0.contains("is put right") })
                #expect(try fake.router.losses().isEmpty)
                #expect(try fake.folder.read() == whole)
            }
        }
    }

    @Test("A file in a state's place keeps no act from going on that does not need that state")
    func takenState() async throws {
        try await withFake { fake in
            fake.followLink()
            let folder = fake.folder.paths.file("green-maintenance")
            try files.removeTree(folder)
            try AtomicFile.write("mine", to: folder, access: .everyoneReads)
            let loss = try #require(try fake.router.losses().first)
            #expect(loss.remedy == .person)
            #expect(loss.description.contains("`mv \(folder) \(folder).aside`"))
            #expect(try await fake.router.heal().isEmpty)
            try await fake.router.prepare()
            try await fake.router.arm(RouterTests.table(blue: "10.0.0.8:1", green: "10.0.0.9:1"))
            try await fake.router.route(.all(.blue))
            try await fake.router.confirm(.all(.blue))
            try await fake.router.setMaintenance(.on)
            try await fake.router.setMaintenance(.off)
            try await fake.router.route(.all(.green))
            await #expect(throws: OrchestrationError.folderLost([loss])) {
                try await fake.router.setMaintenance(.on)
            }
            #expect(try fake.router.readLink() == .leads(Traffic(.green)))
            #expect(try files.readText(folder) == "mine")
            try files.removeTree(folder)
            #expect(try await fake.router.heal().count == 1)
            try await fake.router.setMaintenance(.on)
        }
    }

    @Test("From a state whose folder cannot be made again the link goes to its colour at rest")
    func retreat() async throws {
        try await withFake { fake in
            fake.followLink()
            try await fake.router.setMaintenance(.on)
            let folder = fake.folder.paths.file("green-maintenance")
            try files.removeTree(folder)
            try AtomicFile.write("mine", to: folder, access: .everyoneReads)
            let done = try await fake.router.heal()
            #expect(done.count == 1 && done[0].contains("leads to green now"))
            #expect(try fake.router.readLink() == .leads(Traffic(.green)))
            #expect(try fake.router.losses().map(\.remedy) == [.person])
            // Neither folder can be made: the link stays, and the person is told.
            try await fake.router.route(.all(.blue))
            let plain = fake.folder.paths.file("blue")
            try files.removeTree(plain)
            try AtomicFile.write("mine", to: plain, access: .everyoneReads)
            #expect(try await fake.router.heal().isEmpty)
            #expect(try finding(fake) == .unmarked(marker: plain + "/blue"))
            #expect(try fake.router.losses().first?.description.contains(plain) == true)
        }
    }

    @Test("A9: A link without its marker is lost, and no reason to move traffic")
    func unmarked() async throws {
        try await withFake { fake in
            let marker = fake.folder.paths.file("green/green")
            try files.removeTree(fake.folder.paths.file("green"))
            #expect(try finding(fake) == .unmarked(marker: marker))
            await #expect(throws: OrchestrationError.self) {
                try await fake.router.route(.all(.blue))
            }
            // The file that says where the colours are is damaged as well.
            try AtomicFile.write("#", to: fake.folder.paths.http, access: .everyoneReads)
            _ = try await fake.router.heal()
            #expect(try fake.router.readLink() == .leads(Traffic(.green)))
        }
    }

    @Test("A9: The marker of the colour that has traffic is written before all others")
    func order() async throws {
        try await withFake { fake in
            try await fake.router.route(.all(.blue))
            try await fake.router.route(.share(Share(percent: 50), to: .green))
            for state in try fake.blueprint.states {
                try files.removeTree(fake.folder.paths.file(state.name))
            }
            let lost = try fake.folder.lostMarkers()
            #expect(lost.first == "blue-canary-50/blue")
            let own = lost.prefix { $0.hasPrefix("blue-canary-50/") }
            #expect(own.count == lost.count { $0.hasPrefix("blue-canary-50/") })
        }
    }

    @Test("A23: The remains of a killed run go, and nothing else does")
    func leftovers() async throws {
        try await withFake { fake in
            let folder = fake.folder.path
            try files.makeFolder("\(folder)/watch", access: .everyoneReads)
            let before = try files.list(folder)
            let proof = fake.settings.directory + "/.shop.proof"
            let remains = [
                ".live.new", ".http.conf.new", ".web.conf.new", "..previous.new",
                ".maintenance.html.new", "green/.green.new", "watch/.requests.log.new",
            ].map { "\(folder)/\($0)" }
            let others = [
                "\(folder)/.notes.new", "\(folder)/notes.new", "\(folder)/.live.old",
                "\(fake.settings.directory)/.shop.notes", "\(folder)/watch/.x.new",
            ]
            try files.makeFolder("\(proof)/green", access: .everyoneReads)
            for path in remains + others + ["\(proof)/green/green"] {
                try AtomicFile.write("x", to: path, access: .everyoneReads)
            }
            _ = try await fake.router.heal()
            #expect(!remains.contains { files.isThere($0) })
            #expect(!files.isThere(proof))
            #expect(others.allSatisfy { files.isThere($0) })
            for path in others { try files.removeTree(path) }
            #expect(try files.list(folder) == before)
        }
    }

    @Test("A23: A change that nobody confirmed is ended by the next command that writes")
    func journal() async throws {
        try await withFake { fake in
            let before = try fake.folder.contents()
            let other = try Blueprint(
                settings: fake.settings,
                table: RouterTests.table(blue: "10.0.0.1:1", green: "10.0.0.2:1"),
                live: LinkState(.green),
                environment: Blueprint.Environment(
                    version: NginxVersion(1, 22, 1), listen: fake.settings.status, gateways: [])
            ).files
            try fake.folder.replace(before, by: other)
            _ = try await fake.router.heal()
            #expect(try fake.folder.read() == before.files)
            #expect(!fake.folder.hasUnconfirmedChange)
        }
    }
}
