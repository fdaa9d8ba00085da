import BlueGreen
import HostSystem
import Orchestration
import Persistence
import TestSupport
import Testing

@Suite("A store in trouble")
struct StoreFailureTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("teal.sqlite")
    }

    private func change(_ sql: String) throws {
        _ = try SQLiteDeploymentStore.open(path)
        try SQLiteDeploymentStore.execute(sql, in: path)
    }

    @Test("A file that a later Teal wrote is refused, to write and to read, and left as it is")
    func newerFormat() throws {
        try change("INSERT INTO grdb_migrations VALUES ('98'), ('99')")
        let bytes = try FileSystem().readBytes(path)
        let expected = PersistenceError.newerFormat(path: path, formats: ["98", "99"])
        #expect(throws: expected) { try SQLiteDeploymentStore.open(path) }
        #expect(throws: expected) { try SQLiteDeploymentStore.openForReading(path) }
        #expect(try FileSystem().readBytes(path) == bytes)
        #expect(expected.description.contains("written by a later Teal (its format 98, 99 is"))
    }

    @Test("A file that is no database is reported with its path and a next move")
    func noDatabase() throws {
        try AtomicFile.write(
            String(repeating: "no database at all\n", count: 100), to: path, access: .ownerOnly)
        for open in [SQLiteDeploymentStore.open, SQLiteDeploymentStore.openForReading] {
            let error = #expect(throws: PersistenceError.self) { try open(path) }
            #expect(
                error == .corrupt(path: path, reason: "file is not a database"))
            #expect(error?.description.contains("\(path) is damaged") == true)
        }
    }

    @Test("A full disk is an error of its own, and earlier records stay")
    func fullDisk() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(Sample.deployment())
        try store.limit(toPages: 1)
        let release = Release(
            id: Sample.release(1), label: String(repeating: "x", count: 2_000_000),
            createdAt: Sample.moment, services: [])
        await #expect(throws: PersistenceError.noRoom(path: path)) {
            try await store.save(release)
        }
        #expect(try await store.deployments(limit: 1) == [Sample.deployment()])
        #expect(try await store.releases().isEmpty)
    }

    @Test("Where neither the file nor its journal can grow, a way back is recorded all the same")
    func reserve() async throws {
        _ = try SQLiteDeploymentStore.open(path)
        let store = try SQLiteDeploymentStore.open(path)
        try store.limit(toPages: 1)
        let sizes = ["", "-wal"].map { FileStamp(of: path + $0)?.size }
        // Two rollbacks of a large app, each recorded at all of its steps.
        let label = String(repeating: "x", count: 60_000)
        for step in 0..<60 {
            try await store.save(Sample.deployment(number: 2 + step / 30, label: label))
        }
        #expect(try await store.deployments(limit: 10).map(\.number) == [3, 2])
        #expect(["", "-wal"].map { FileStamp(of: path + $0)?.size } == sizes)
    }

    @Test("The index that programs share has its room on the disk, also where it was cut short")
    func index() async throws {
        try await SQLiteDeploymentStore.open(path).save(Sample.deployment())
        for size in [nil, 0, 3] {
            if let size {
                try AtomicFile.write(
                    String(repeating: "x", count: size), to: path + "-shm", access: .ownerOnly)
            } else {
                try FileSystem().removeTree(path + "-shm")
            }
            let reading = try SQLiteDeploymentStore.openForReading(path)
            #expect(FileStamp(of: path + "-shm")?.size == 32_768)
            #expect(try await reading.deployments(limit: 1) == [Sample.deployment()])
        }
    }

    @Test("What a reserve was used for is made up for when the store is opened again")
    func refilled() async throws {
        for number in 1...40 {
            let store = try SQLiteDeploymentStore.open(path)
            #expect(try store.freePages() >= 64)
            let label = String(repeating: "x", count: 40_000)
            try await store.save(Sample.deployment(number: number, label: label))
        }
    }

    @Test("A record that cannot be read is named")
    func unreadable() async throws {
        try change("INSERT INTO deployments VALUES (7, '{\"number\":7}', NULL, 0, NULL)")
        let store = try SQLiteDeploymentStore.openForReading(path)
        let error = await #expect(throws: PersistenceError.self) {
            try await store.deployments(limit: 1)
        }
        guard case .unreadable("deployment 7", path, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix("no "))
    }

    @Test("A path where nothing can be opened is named")
    func unopenable() throws {
        try FileSystem().makeFolder(path, access: .ownerOnly)
        let error = #expect(throws: PersistenceError.self) {
            try SQLiteDeploymentStore.open(path)
        }
        #expect(error?.description.hasPrefix("Could not open the history in \(path): ") == true)
    }
}
