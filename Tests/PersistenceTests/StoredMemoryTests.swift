import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Persistence

@Suite("What services were seen to use")
struct StoredMemoryTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("teal.sqlite")
    }

    @Test("The greatest that was seen in any kept release is what is known")
    func peaks() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        #expect(try await store.memoryPeaks().isEmpty)
        try await store.save(
            memory: ["web": .mebibytes(90), "api": .mebibytes(20)], of: Sample.release(1))
        try await store.save(memory: ["web": .mebibytes(70)], of: Sample.release(1))
        try await store.save(memory: ["web": .mebibytes(120)], of: Sample.release(2))
        try await store.save(memory: [:], of: Sample.release(3))
        #expect(
            try await store.memoryPeaks() == ["web": .mebibytes(120), "api": .mebibytes(20)])
        let reader = try SQLiteDeploymentStore.openForReading(path)
        #expect(try await reader.memoryPeaks()["web"] == .mebibytes(120))
    }

    @Test("It goes with its release")
    func goes() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(memory: ["web": .mebibytes(90)], of: Sample.release(1))
        try await store.save(memory: ["web": .mebibytes(120)], of: Sample.release(2))
        try await store.deleteRelease(Sample.release(2))
        #expect(try await store.memoryPeaks() == ["web": .mebibytes(90)])
    }

    @Test("A full disk keeps all of what was known and nothing of what was to be added")
    func fullDisk() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(memory: ["web": .mebibytes(90)], of: Sample.release(1))
        try store.limit(toPages: 1)
        let many = Dictionary(
            uniqueKeysWithValues: (0..<5000).map { ("service \($0)", ByteCount.mebibytes(1)) })
        await #expect(throws: PersistenceError.noRoom(path: path)) {
            try await store.save(memory: many, of: Sample.release(2))
        }
        #expect(try await store.memoryPeaks() == ["web": .mebibytes(90)])
    }

    /// As the first Teal left it, statement by statement.
    private func makeFormatOne() throws {
        for sql in [
            "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
            "INSERT INTO grdb_migrations VALUES ('1')",
            """
            CREATE TABLE deployments (
                number INTEGER PRIMARY KEY, json TEXT NOT NULL, outcome TEXT,
                started_at INTEGER NOT NULL, finished_at INTEGER)
            """,
            """
            CREATE TABLE releases (
                id TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL,
                created_at INTEGER NOT NULL) WITHOUT ROWID
            """,
            """
            INSERT INTO deployments VALUES (
                7, '\(Golden.deploymentText)', 'rolledBack', 1795210445000, 1795210460000)
            """,
            """
            INSERT INTO releases VALUES (
                '20261121-020529-3f9c', '\(Golden.releaseText)', 1795210445000)
            """,
        ] { try SQLiteDeploymentStore.execute(sql, in: path) }
    }

    @Test("A file of format 1 shows its history to a reader, who changes nothing of it")
    func readsFormatOne() async throws {
        try makeFormatOne()
        let bytes = try FileSystem().readBytes(path)
        let store = try SQLiteDeploymentStore.openForReading(path)
        #expect(try await store.deployments(limit: 5).map(\.number) == [7])
        #expect(try await store.releases() == [Golden.release])
        #expect(try await store.memoryPeaks().isEmpty)
        #expect(try FileSystem().readBytes(path) == bytes)
    }

    @Test("A writer gives a file of format 1 what it lacks, and its history stays")
    func migrates() async throws {
        try makeFormatOne()
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(memory: ["web": .mebibytes(90)], of: Sample.release(1))
        #expect(try await store.memoryPeaks() == ["web": .mebibytes(90)])
        #expect(try await store.deployments(limit: 5).map(\.outcome) == [.rolledBack])
        #expect(try await store.releases() == [Golden.release])
    }
}
