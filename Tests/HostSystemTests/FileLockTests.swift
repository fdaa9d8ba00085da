import BlueGreen
import FoundationEssentials
import Glibc
import Orchestration
import HostSystem
import Synchronization
import TestSupport
import Testing

@Suite("The lock")
struct FileLockTests {
    private let folder: TemporaryFolder
    private let other = LockHolder(
        pid: 1, since: Timestamp(milliseconds: 0), verb: "rollback", release: nil)

    init() throws { folder = try TemporaryFolder() }

    @Test("A busy lock says who holds it")
    func busy() throws {
        let lock = try FileLock.acquire(path: folder("lock"), holder: .fixture)
        #expect(throws: HostError.locked(by: .fixture)) {
            try FileLock.acquire(path: folder("lock"), holder: other)
        }
        lock.release()
    }

    @Test("A lock that is given up can be taken, and then names its new holder")
    func releasing() throws {
        do { _ = try FileLock.acquire(path: folder("lock"), holder: .fixture) }
        let lock = try FileLock.acquire(path: folder("lock"), holder: other)
        #expect(throws: HostError.locked(by: other)) {
            try FileLock.acquire(path: folder("lock"), holder: .fixture)
        }
        lock.release()
    }

    @Test(
        "A lock that is given up is free, though a child still has its descriptor",
        arguments: [true, false])
    func inherited(isReleased: Bool) throws {
        let path = folder("lock")
        var lock: FileLock? = try FileLock.acquire(path: path, holder: .fixture)
        let descriptor = try copyOfDescriptor(of: path)
        defer { close(descriptor) }
        if isReleased { lock?.release() } else { lock = nil }
        let next = try FileLock.acquire(path: path, holder: other)
        #expect(FileLock.holder(of: path) == other)
        withExtendedLifetime((lock, next)) {}
    }

    /// Of the same open file, as a child has it before it becomes another program.
    private func copyOfDescriptor(of path: String) throws -> Int32 {
        let files = FileManager.default
        let descriptor = try files.contentsOfDirectory(atPath: "/proc/self/fd").first {
            (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
        }
        return dup(try #require(descriptor.flatMap { Int32($0) }))
    }

    @Test("A holder is named while its process lives, and nobody else is")
    func holder() throws {
        let path = folder("lock")
        #expect(FileLock.holder(of: path) == nil)
        do {
            let held = try FileLock.acquire(path: path, holder: other)
            #expect(FileLock.holder(of: path) == other)
            held.release()
        }
        // The process lives on, and holds nothing any more.
        #expect(FileLock.holder(of: path) == nil)
        // No process has a number beyond the kernel's greatest.
        let gone = LockHolder(pid: 1 << 30, since: other.since, verb: "deploy", release: nil)
        let orphan = try FileLock.acquire(path: path, holder: gone)
        #expect(FileLock.holder(of: path) == nil)
        orphan.release()
    }

    @Test("An act of the watch is waited for, also by who waits for nobody")
    func watchIsBrief() async throws {
        let path = folder("lock")
        let watch = LockHolder(pid: 1, since: other.since, verb: "watch", release: nil)
        var held: FileLock? = try FileLock.acquire(path: path, holder: watch)
        let clock = ManualClock()
        let waited = Mutex<[LockHolder?]>([])
        await #expect(throws: HostError.locked(by: watch)) {
            _ = try await FileLock.acquire(
                path: path, holder: .fixture, waitingAtMost: .zero, clock: clock,
                onWait: { holder in waited.withLock { $0.append(holder) } })
        }
        #expect(waited.withLock { $0 } == [watch])
        #expect(clock.waits.reduce(.zero, +) == .seconds(120))
        held?.release()
        held = nil
        // Anybody else is not.
        held = try FileLock.acquire(path: path, holder: other)
        let waits = clock.waits.count
        await #expect(throws: HostError.locked(by: other)) {
            _ = try await FileLock.acquire(
                path: path, holder: .fixture, waitingAtMost: .zero, clock: clock, onWait: { _ in })
        }
        #expect(clock.waits.count == waits)
        held?.release()
    }

    @Test("A killed owner leaves no lock")
    func killedOwner() async throws {
        let lines = AsyncStream.makeStream(of: String.self)
        let path = folder("lock")
        try AtomicFile.write("", to: path, access: .ownerOnly)
        let owner = Task {
            try await SubprocessCommandRunner().run(
                Command(
                    "sh", ["-c", "exec 9<>\(path); flock 9; echo $$; exec sleep 1000"],
                    timeLimit: .seconds(1000))
            ) { lines.continuation.yield($0) }
        }
        var iterator = lines.stream.makeAsyncIterator()
        let pid = try #require(pid_t(await iterator.next() ?? ""))
        #expect(throws: HostError.locked(by: nil)) {
            try FileLock.acquire(path: path, holder: .fixture)
        }
        kill(pid, SIGKILL)
        #expect(try await owner.value.ending == .signalled(9))
        try FileLock.acquire(path: path, holder: .fixture).release()
    }

    @Test("A waiting run gets the lock when it is free, and hears once who held it")
    func waiting() async throws {
        let path = folder("lock")
        let held = Mutex<FileLock?>(try FileLock.acquire(path: path, holder: .fixture))
        let told = Mutex<[LockHolder?]>([])
        let clock = ManualClock { count in if count == 3 { held.withLock { $0 = nil } } }
        let lock = try await FileLock.acquire(
            path: path, holder: other, waitingAtMost: .seconds(600), clock: clock,
            onWait: { holder in told.withLock { $0.append(holder) } })
        #expect(told.withLock { $0 } == [.fixture])
        #expect(clock.now == Sample.moment + .milliseconds(1500))
        lock.release()
    }

    @Test("Waiting has an end", arguments: [Duration.zero, .milliseconds(1200)])
    func waitingEnds(limit: Duration) async throws {
        let path = folder("lock")
        let clock = ManualClock()
        let lock = try FileLock.acquire(path: path, holder: .fixture)
        await #expect(throws: HostError.locked(by: .fixture)) {
            try await FileLock.acquire(
                path: path, holder: other, waitingAtMost: limit, clock: clock, onWait: { _ in })
        }
        #expect(clock.now == Sample.moment + limit)
        lock.release()
    }

    @Test("A lock on a file that was removed meanwhile keeps nobody out of the new file")
    func removedFile() throws {
        let old = try FileLock.acquire(path: folder("lock"), holder: .fixture)
        try FileSystem().removeTree(folder("lock"))
        let new = try FileLock.acquire(path: folder("lock"), holder: other)
        #expect(throws: HostError.locked(by: other)) {
            try FileLock.acquire(path: folder("lock"), holder: .fixture)
        }
        old.release()
        new.release()
    }

    @Test("A folder that is missing is named")
    func missingFolder() throws {
        #expect(
            throws: HostError.file(
                path: folder("none/lock"), act: "open the lock file",
                reason: "No such file or directory")
        ) { try FileLock.acquire(path: folder("none/lock"), holder: .fixture) }
    }

    @Test("A lock file of today is read by later versions too")
    func golden() throws {
        let text = """
            {"pid":4711,"release":"20261120-213405-3f9c","since":1795210445000,"verb":"deploy"}
            """
        let lock = try FileLock.acquire(path: folder("lock"), holder: .fixture)
        #expect(try FileSystem().readText(folder("lock")) == text)
        #expect(try JSONDecoder().decode(LockHolder.self, from: Data(text.utf8)) == .fixture)
        lock.release()
    }
}
