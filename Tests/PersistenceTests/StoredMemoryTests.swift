import BlueGreen
import HostSystem
import Orchestration
import Persistence
import TestSupport
import Testing

@Suite("The memory that services were seen to use")
struct StoredMemoryTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("teal.sqlite")
    }

    @Test("The known size is the greatest one in any kept release")
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

    @Test("A size goes with its release")
    func goes() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(memory: ["web": .mebibytes(90)], of: Sample.release(1))
        try await store.save(memory: ["web": .mebibytes(120)], of: Sample.release(2))
        try await store.deleteRelease(Sample.release(2))
        #expect(try await store.memoryPeaks() == ["web": .mebibytes(90)])
    }

    @Test("A full disk keeps all known sizes and adds none")
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
}
