import BlueGreen
import Testing

@testable import Commands

@Suite("The room for Teal's records")
struct StateRoomTests {
    private func item(_ space: ByteCount, files: Int? = 100_000) -> CheckItem {
        StateRoom(folder: "/var/lib/teal/shop", space: space, files: files).item
    }

    @Test("A state folder without free bytes or inodes fails the check")
    func full() {
        #expect(item(.zero).level == .fail)
        #expect(item(.mebibytes(1000), files: 3).level == .fail)
        #expect(item(.zero).text.contains("/var/lib/teal/shop has no room"))
    }

    @Test("Little room is a warning, and a file system without a bound of files has none")
    func little() {
        #expect(item(.mebibytes(20)).level == .warn)
        #expect(item(.mebibytes(1000), files: 500).level == .warn)
        #expect(item(.mebibytes(1000), files: nil).level == .ok)
    }
}
