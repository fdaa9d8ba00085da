import HostSystem
import TestSupport
import Testing

@Suite("A person at work")
struct PresenceTests {
    @Test("It is known while the program lives that has it, and forgotten with it")
    func begin() async throws {
        let folder = try TemporaryFolder()
        let path = folder("person.lock")
        #expect(!Presence.isThere(path))
        // As a program has it that came by `exec`.
        let lines = AsyncStream.makeStream(of: String.self)
        let program = Task {
            try await SubprocessCommandRunner().run(
                Command("sh", ["-c", "exec 9<>\(path); flock -s 9; echo here; exec sleep 1000"])
            ) { lines.continuation.yield($0) }
        }
        var iterator = lines.stream.makeAsyncIterator()
        #expect(await iterator.next() == "here")
        #expect(Presence.isThere(path))
        program.cancel()
        _ = try? await program.value
        #expect(!Presence.isThere(path))
    }
}
