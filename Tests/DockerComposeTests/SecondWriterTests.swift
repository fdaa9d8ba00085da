@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerCompose

@Suite("A2: a second writer on data in use")
struct SecondWriterTests {
    /// A set of one service with these mounts; `data` and `kept` are volumes.
    private func set(
        _ mounts: [JSONValue], _ own: ServiceSettings = ServiceSettings(role: .shared),
        volumes: JSONValue = [
            "data": ["name": "shop_data"], "kept": ["name": "pgdata", "external": true],
        ]
    ) throws -> ContainerSet {
        let model: JSONValue = [
            "name": "shop", "services": ["db": ["image": "d", "volumes": .array(mounts)]],
            "volumes": volumes,
        ]
        return try ContainerSet(
            project: ComposeProject(app: "shop", model: model), settings: ["db": own],
            release: Fixture.release)
    }

    private func mount(_ source: String, isWritable: Bool = true) -> JSONValue {
        [
            "type": source.hasPrefix("/") ? "bind" : "volume", "source": .string(source),
            "target": "/data", "read_only": .bool(!isWritable),
        ]
    }

    private func writers(
        _ containers: [ListedContainer], beside set: ContainerSet, volumes: [ListedVolume] = [],
        files: FileSystem? = nil, but known: [String] = []
    ) -> [String] {
        let finder = PlaceFinder(files: files, volumes: volumes)
        return Strangers(app: "shop", containers: containers)
            .secondWriters(beside: set, finder, but: known.map { finder.volume($0) })
            .map(\.description)
    }

    @Test(
        "A volume that a container of somebody else writes to is named, with the line to run",
        arguments: [
            ServiceSettings(role: .shared), ServiceSettings(role: .singleton),
            ServiceSettings(volumes: .shared), ServiceSettings(port: 80, volumes: .shared),
        ])
    func external(_ settings: ServiceSettings) throws {
        let found = writers(
            [try .sample("theirs", mounts: ["pgdata"])],
            beside: try set([mount("kept")], settings))
        #expect(
            found == [
                "pgdata is mounted writable by theirs, which Teal did not make, and db would write "
                    + "to it too. Stop it first: `docker stop theirs`; or mount it read-only "
                    + "(:ro) in one of the two."
            ])
    }

    @Test("A container of another app of Teal's is one of somebody else")
    func otherApp() throws {
        let found = writers(
            [try .sample("theirs", labels: ["teal.app": "blog"], mounts: ["shop_data"])],
            beside: try set([mount("data")]))
        #expect(found.first?.contains("a container of the app blog") == true)
    }

    @Test("Readers, stopped containers, other volumes and the app's own containers are no writers")
    func harmless() throws {
        let set = try set([mount("data")])
        let others: [ListedContainer] = [
            try .sample("reader", readOnly: ["shop_data"]),
            try .sample("stopped", state: "exited", mounts: ["shop_data"]),
            try .sample("other", mounts: ["shop_data2", "/srv"]),
            try .sample("own", labels: ["teal.app": "shop"], mounts: ["shop_data"]),
        ]
        #expect(writers(others, beside: set) == [])
        let reading = try self.set([mount("data", isWritable: false)])
        #expect(writers([try .sample("writer", mounts: ["shop_data"])], beside: reading) == [])
    }

    @Test(
        "A paused container, and one that starts again and again, goes on writing",
        arguments: ["paused", "restarting"])
    func mayRun(_ state: String) throws {
        let found = writers(
            [try .sample("theirs", state: state, mounts: ["shop_data"])],
            beside: try set([mount("data")]))
        #expect(found.count == 1)
    }

    @Test(
        "Folders meet where one is the other or lies in it",
        arguments: [
            ("/srv/data", 1), ("/srv/data/pg", 1), ("/srv", 1), ("/srv/data2", 0), ("/srv/dat", 0),
            ("/", 0),
        ])
    func folders(_ theirs: String, _ count: Int) throws {
        let found = writers(
            [try .sample("theirs", mounts: [theirs])], beside: try set([mount("/srv/data")]))
        #expect(found.count == count)
        #expect(found.allSatisfy { $0.contains("/srv/data") })
    }

    @Test("A symlink leads to the same folder")
    func symlink() throws {
        let folder = try TemporaryFolder()
        let files = FileSystem()
        try files.makeFolder(folder("real/deep"), access: .ownerOnly)
        try files.replaceLink(at: folder("link"), with: "real")
        let found = writers(
            [try .sample("theirs", mounts: [folder("real")])],
            beside: try set([mount(folder("link/deep"))]), files: files)
        #expect(found.count == 1)
        #expect(found.first?.contains("(as \(folder("real")))") == true)
    }

    @Test("Single files and sockets are no data that two would write")
    func files() throws {
        let folder = try TemporaryFolder()
        let files = FileSystem()
        try AtomicFile.write("x", to: folder("app.conf"), access: .ownerOnly)
        let theirs = try ListedContainer.sample(
            "theirs", mounts: [folder("app.conf"), "/run/docker.sock", "/dev/null"])
        let set = try set([
            mount(folder("app.conf")), mount("/var/run/docker.sock"), mount("/dev/null"),
        ])
        #expect(writers([theirs], beside: set, files: files) == [])
        // A file in a folder that the set writes to is data.
        #expect(
            writers([theirs], beside: try self.set([mount(folder.path)]), files: files).count == 1)
    }

    @Test(
        "A volume is the folder that its driver binds, and the folder that the engine keeps it in")
    func volumeFolders() throws {
        let bound: JSONValue = [
            "data": [
                "name": "shop_data",
                "driver_opts": ["type": "none", "o": "bind", "device": "/srv/data"],
            ]
        ]
        let set = try set([mount("data")], volumes: bound)
        #expect(writers([try .sample("theirs", mounts: ["/srv/data"])], beside: set).count == 1)
        let other = ListedVolume.sample("other", device: "/srv/data")
        #expect(
            writers([try .sample("theirs", mounts: ["other"])], beside: set, volumes: [other])
                .count == 1)

        let plain = try self.set([mount("data")])
        let kept = [ListedVolume.sample("shop_data")]
        let inside = try ListedContainer.sample(
            "theirs", mounts: ["/var/lib/docker/volumes/shop_data/_data/pg"])
        #expect(writers([inside], beside: plain, volumes: kept).count == 1)
        let above = try ListedContainer.sample("tool", mounts: ["/var/lib/docker/volumes"])
        #expect(writers([above], beside: plain, volumes: kept) == [])
    }

    @Test("The way back is not refused for a writer that the app has beside itself already")
    func wayBack() throws {
        let theirs = try ListedContainer.sample("theirs", mounts: ["shop_data"])
        #expect(
            writers([theirs], beside: try set([mount("data")]), but: ["shop_data"])
                == [])
    }
}
