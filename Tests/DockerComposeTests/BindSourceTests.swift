@testable import DockerEngine
import BlueGreen
import FoundationEssentials
import HostSystem
import Orchestration
import Testing

@testable import DockerCompose

@Suite("A15: A vanished bind mount never becomes an empty folder")
struct BindSourceTests {
    private let files = FileSystem()

    /// What was at the path on the day of the record, and what is there now.
    enum Thing: CaseIterable {
        case nothing
        case file
        case fullFolder
        case emptyFolder

        func put(at path: String) throws {
            let files = FileSystem()
            try files.removeTree(path)
            switch self {
            case .nothing: break
            case .file: try AtomicFile.write("x", to: path, access: .everyoneReads)
            case .emptyFolder: try files.makeFolder(path, access: .everyoneReads)
            case .fullFolder:
                try files.makeFolder(path, access: .everyoneReads)
                try AtomicFile.write("x", to: path + "/x", access: .everyoneReads)
            }
        }
    }

    private static let gone: [(Thing, Thing)] = [
        (.file, .nothing), (.file, .emptyFolder), (.fullFolder, .nothing),
        (.emptyFolder, .nothing),
    ]

    @Test(
        "A release is not gone back to where a path of its own day is gone",
        arguments: Thing.allCases, Thing.allCases)
    func recorded(_ before: Thing, _ now: Thing) throws {
        try inFolder { path in
            try before.put(at: path)
            let binds = RecordedBinds(release: Fixture.release, binds: [bind(path)])
            try now.put(at: path)
            let obstacles = BindReview(recorded: binds).obstacles.map(\.description)
            let isGone = Self.gone.contains { $0 == (before, now) }
            #expect(obstacles.count == (isGone ? 1 : 0))
            for text in obstacles {
                #expect(text.hasPrefix("web mounts \(path) at /app.conf, which was a f"))
                #expect(text.contains("release \(Fixture.release)"))
            }
        }
    }

    @Test("A deploy is refused for it where any earlier release had it, and told of a new path")
    func deployed() throws {
        try inFolder { path in
            try Thing.file.put(at: path)
            let first = RecordedBinds(release: Fixture.release(1), binds: [bind(path)])
            try Thing.nothing.put(at: path)
            // A release that was refused for it has recorded that nothing was there.
            let refused = RecordedBinds(release: Fixture.release(2), binds: [bind(path)])
            let review = BindReview(new: [bind(path)], earlier: [refused, first])
            #expect(review.obstacles.count == 1)
            #expect(review.notices == [])

            let new = BindReview(new: [bind(path)], earlier: [refused])
            #expect(new.obstacles == [])
            #expect(new.notices.count == 1)
            let text = "\(path) at /app.conf, which does not exist"
            #expect(new.notices.first?.contains(text) == true)
        }
    }

    @Test("A file of another folder stands for the one at its place; a new folder for none")
    func otherFolder() throws {
        try inFolder { path in
            try Thing.file.put(at: path + "-1")
            try Thing.fullFolder.put(at: path + "-2")
            let file = RecordedBinds(release: Fixture.release, binds: [bind(path + "-1")])
            let folder = RecordedBinds(release: Fixture.release, binds: [bind(path + "-2")])
            #expect(BindReview(new: [bind(path)], earlier: [file]).obstacles.count == 1)
            #expect(BindReview(new: [bind(path)], earlier: [folder]).obstacles == [])
            #expect(BindReview(new: [bind(path)], earlier: [folder]).notices.count == 1)
            try files.removeTree(path + "-1")
            try files.removeTree(path + "-2")
        }
    }

    @Test("A start on the way back is refused for a file, and not for a folder")
    func start() throws {
        try inFolder { path in
            for (before, isReplaced) in [(Thing.file, true), (.fullFolder, false)] {
                try before.put(at: path)
                let bind = bind(path)
                try Thing.nothing.put(at: path)
                #expect(bind.isReplaced == isReplaced)
            }
        }
    }

    @Test("The record of a release says what was at each path that it mounts")
    func record() throws {
        try inFolder { path in
            try Thing.file.put(at: path)
            let mounts: JSONValue = [
                ["type": "bind", "source": .string(path), "target": "/app.conf"],
                ["type": "bind", "source": .string(path + "-none"), "target": "/none"],
                ["type": "volume", "source": "data", "target": "/data"],
            ]
            let project = Fixture.project(["web": ["image": "x", "volumes": mounts]])
            let folder = ReleaseFolder(Fixture.release, in: path + "-state")
            try folder.write(
                ContainerSet(recorded: project, settings: [:], release: Fixture.release),
                environment: [:])
            let binds = try folder.bindSources()?.binds
            #expect(binds?.map(\.kind) == [.file, nil])
            #expect(binds?.map(\.target) == ["/app.conf", "/none"])
            try files.removeTree(path + "-state")
            #expect(try folder.bindSources() == nil)
        }
    }

    private func bind(_ path: String) -> BindSource {
        BindSource(
            service: "web", source: path, target: "/app.conf", kind: files.kind(of: path))
    }

    private func inFolder(_ test: (String) throws -> Void) throws {
        let folder = "/tmp/teal-binds-\(UUID().uuidString)"
        try files.makeFolder(folder, access: .ownerOnly)
        defer { #expect(throws: Never.self) { try files.removeTree(folder) } }
        try test(folder + "/app.conf")
    }
}
