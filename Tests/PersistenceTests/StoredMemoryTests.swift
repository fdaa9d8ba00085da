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

    private func held(_ megabytes: Int64) -> MemoryUse {
        MemoryUse(held: .mebibytes(megabytes))
    }

    @Test("The known size is the greatest one in any kept release")
    func peaks() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        #expect(try await store.memoryUses().isEmpty)
        try await store.save(
            memory: ["web": held(90), "api": held(20)], of: Sample.release(1))
        try await store.save(memory: ["web": held(70)], of: Sample.release(1))
        try await store.save(memory: ["web": held(120)], of: Sample.release(2))
        try await store.save(memory: [:], of: Sample.release(3))
        #expect(
            try await store.memoryUses() == ["web": held(120), "api": held(20)])
        let reader = try SQLiteDeploymentStore.openForReading(path)
        #expect(try await reader.memoryUses()["web"] == held(120))
    }

    @Test("A24: The peak of a start is kept beside what is held afterwards, each the greatest")
    func startPeaks() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        func save(held: Int64, peak: Int64, _ entropy: UInt16) async throws {
            let use = MemoryUse(held: .mebibytes(held), peak: .mebibytes(peak))
            try await store.save(memory: ["chat": use], of: Sample.release(entropy))
        }
        try await save(held: 0, peak: 225, 1)
        try await save(held: 86, peak: 0, 1)
        try await save(held: 90, peak: 190, 2)
        #expect(
            try await store.memoryUses()
                == ["chat": MemoryUse(held: .mebibytes(90), peak: .mebibytes(225))])
    }

    @Test("A size goes with its release")
    func goes() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(memory: ["web": held(90)], of: Sample.release(1))
        try await store.save(memory: ["web": held(120)], of: Sample.release(2))
        try await store.deleteRelease(Sample.release(2))
        #expect(try await store.memoryUses() == ["web": held(90)])
    }

    @Test("A full disk keeps all known sizes and adds none")
    func fullDisk() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(memory: ["web": held(90)], of: Sample.release(1))
        try store.limit(toPages: 1)
        let many = Dictionary(
            uniqueKeysWithValues: (0..<50_000).map { ("service \($0)", held(1)) })
        await #expect(throws: PersistenceError.noRoom(path: path)) {
            try await store.save(memory: many, of: Sample.release(2))
        }
        #expect(try await store.memoryUses() == ["web": held(90)])
    }
}
