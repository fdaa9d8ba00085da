import BlueGreen
import Glibc
import HostSystem
import Testing

@Suite("The figures of this process")
struct ProcessFiguresTests {
    @Test("They are those of the kernel")
    func figures() throws {
        let before = try #require(try ProcessFigures.now())
        #expect(before.residentMemory.bytes > 1_000_000)
        #expect(before.virtualMemory > before.residentMemory)
        #expect(before.processorTime > .zero)
        #expect(before.mostFiles >= before.openFiles && before.openFiles >= 3)
        let now = Timestamp(milliseconds: Int64(time(nil)) * 1000)
        #expect(before.startedAt < now + .seconds(5))
        #expect(before.startedAt > now + .seconds(-24 * 3600))
    }
}
