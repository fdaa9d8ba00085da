import BlueGreen
import Glibc
import HostSystem
import Orchestration
import Persistence
import TestSupport
import Testing

@Suite("The store of deployments and releases")
struct StoreTests {
    private let folder: TemporaryFolder
    private let path: String
    private let files = FileSystem()

    init() throws {
        folder = try TemporaryFolder()
        path = folder("shop/teal.sqlite")
    }

    private func deployment(_ number: Int) -> Deployment {
        Deployment(
            Order(
                number: number, kind: .deploy,
                candidate: Placement(colour: .blue, release: Sample.release(UInt16(number))),
                label: nil, previous: nil, services: [Sample.web],
                settings: DeploymentSettings()),
            at: Sample.moment)
    }

    private func release(_ entropy: UInt16) -> Release {
        Release(
            id: Sample.release(entropy), label: nil,
            createdAt: Sample.moment + .seconds(Int(entropy)), services: [Sample.web])
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("Saved records are there when the store is opened again, newest first")
    func saves() async throws {
        do {
            let store = try SQLiteDeploymentStore.open(path)
            for number in [1, 3, 2] { try await store.save(deployment(number)) }
            for entropy: UInt16 in [1, 3, 2] { try await store.save(release(entropy)) }
        }
        let store = try SQLiteDeploymentStore.open(path)
        #expect(
            try await store.deployments(limit: 10) == [deployment(3), deployment(2), deployment(1)])
        #expect(try await store.deployments(limit: 2).map(\.number) == [3, 2])
        #expect(try await store.releases() == [release(3), release(2), release(1)])
    }

    @Test("A store that stays open tells what others have written since, and nothing older")
    func staysOpen() async throws {
        #expect(try !SQLiteDeploymentStore.openForRepeatedReading(path).canStayOpen)
        let writer = try SQLiteDeploymentStore.open(path)
        let reader = try SQLiteDeploymentStore.openForRepeatedReading(path)
        #expect(reader.canStayOpen)
        #expect(try await reader.deployments(limit: 10).isEmpty)
        #expect(try await reader.releases().isEmpty)

        try await writer.save(deployment(1))
        try await writer.save(release(1))
        for _ in 1...2 {
            #expect(try await reader.deployments(limit: 10) == [deployment(1)])
            #expect(try await reader.releases() == [release(1)])
        }
        try await writer.save(deployment(2))
        #expect(try await reader.deployments(limit: 1) == [deployment(2)])
        #expect(try await reader.deployments(limit: 10) == [deployment(2), deployment(1)])
        try await writer.deleteRelease(Sample.release(1))
        #expect(try await reader.releases().isEmpty)
        await #expect(throws: PersistenceError.readOnly(path: path)) {
            try await reader.save(deployment(3))
        }
    }

    @Test("Each deployment is counted once, when it ends, by kind and outcome")
    func totals() async throws {
        #expect(
            try await SQLiteDeploymentStore.openForReading(path).totals() == DeploymentTotals())
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(deployment(7))
        #expect(try await store.totals() == DeploymentTotals())
        // Written again, since work that was owed is done: still one.
        for _ in 1...2 { try await store.save(Sample.finished(.promoted)) }

        let line = try #require(
            try await SQLiteDeploymentStore.openForReading(path).totals().lines.first)
        #expect((line.kind, line.outcome) == (.deploy, .promoted))
        #expect(line.times.count == 1)
        #expect(line.times.counts[1] == 1, "12 s are more than 5 s and less than 15 s")
        #expect(line.times.total == .seconds(12))
    }

    @Test("The same number or id again replaces the record")
    func replaces() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        var changed = deployment(1)
        try await store.save(changed)
        changed.record(.done, at: Sample.moment + .seconds(1))
        try await store.save(changed)
        #expect(try await store.deployments(limit: 10) == [changed])
        let labelled = Release(
            id: release(1).id, label: "v1", createdAt: Sample.moment, services: [])
        try await store.save(release(1))
        try await store.save(labelled)
        #expect(try await store.releases() == [labelled])
    }

    @Test("A deleted release is gone, and deleting it again is no failure")
    func deletes() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(release(1))
        try await store.save(release(2))
        try await store.deleteRelease(release(1).id)
        try await store.deleteRelease(release(1).id)
        #expect(try await store.releases() == [release(2)])
    }

    @Test("The records of a killed process are there, for readers and for the next writer")
    func killed() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(deployment(1))
        // The files as they stand while the store is open are those that a kill leaves behind.
        try files.makeFolder(folder("copy"), access: .ownerOnly)
        for name in try files.list(folder("shop")) {
            let bytes = try files.readBytes(folder("shop/\(name)"))
            try AtomicFile.write(bytes: bytes, to: folder("copy/\(name)"), access: .ownerOnly)
        }
        let copy = folder("copy/teal.sqlite")
        let reader = try SQLiteDeploymentStore.openForReading(copy)
        #expect(try await reader.deployments(limit: 1) == [deployment(1)])
        let writer = try SQLiteDeploymentStore.open(copy)
        #expect(try await writer.deployments(limit: 1) == [deployment(1)])
    }

    @Test("Every commit is synced, in WAL mode")
    func durable() throws {
        let store = try SQLiteDeploymentStore.open(path)
        #expect(try store.journalMode() == "wal")
        #expect(try store.synchronous() == 2)
    }

    @Test("Only the owner can look into the files, and into their folder")
    func permissions() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.save(deployment(1))
        #expect(mode(folder("shop")) == 0o700)
        let names = try files.list(folder("shop"))
        #expect(names == ["teal.sqlite", "teal.sqlite-shm", "teal.sqlite-wal"])
        for name in names { #expect(mode(folder("shop/\(name)")) == 0o600) }
    }

    @Test("Reading where there is no file finds an empty history and creates nothing")
    func readsNothing() async throws {
        let store = try SQLiteDeploymentStore.openForReading(path)
        #expect(try await store.deployments(limit: 5).isEmpty)
        #expect(try await store.releases().isEmpty)
        await #expect(throws: PersistenceError.readOnly(path: path)) {
            try await store.save(deployment(1))
        }
        #expect(try files.list(folder.path).isEmpty)
    }

    @Test("Reading changes no file and refuses to write")
    func readsOnly() async throws {
        do { try await SQLiteDeploymentStore.open(path).save(deployment(1)) }
        let names = try files.list(folder("shop"))
        let bytes = try files.readBytes(path)
        do {
            let store = try SQLiteDeploymentStore.openForReading(path)
            #expect(try await store.deployments(limit: 5) == [deployment(1)])
            await #expect(throws: PersistenceError.readOnly(path: path)) {
                try await store.deleteRelease(release(1).id)
            }
        }
        #expect(try files.list(folder("shop")) == names)
        #expect(try files.readBytes(path) == bytes)
    }

    @Test("A file that was just created and has no tables yet reads as an empty history")
    func readsEmptyFile() async throws {
        try files.makeFolder(folder("shop"), access: .ownerOnly)
        try AtomicFile.write("", to: path, access: .ownerOnly)
        let store = try SQLiteDeploymentStore.openForReading(path)
        #expect(try await store.deployments(limit: 5).isEmpty)
    }

    @Test("A reader sees each save of a writer that is at work")
    func readsBeside() async throws {
        let writer = try SQLiteDeploymentStore.open(path)
        let reader = try SQLiteDeploymentStore.openForReading(path)
        for number in 1...3 {
            try await writer.save(deployment(number))
            #expect(try await reader.deployments(limit: 1) == [deployment(number)])
        }
    }
}
