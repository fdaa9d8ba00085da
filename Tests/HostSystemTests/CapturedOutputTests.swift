import BlueGreen
import Synchronization
import Testing

@testable import HostSystem

@Suite("Captured output")
struct CapturedOutputTests {
    private func capture(_ pieces: [String], limit: Int64) -> String {
        var output = CapturedOutput(limit: .init(bytes: limit), onLine: nil)
        for piece in pieces { Array(piece.utf8).withUnsafeBytes { output.append($0) } }
        output.finish()
        return output.text
    }

    @Test(
        "An output within the limit is kept whole",
        arguments: [["abcdef", "ghij"], ["abcdefghij"]])
    func whole(pieces: [String]) {
        #expect(capture(pieces, limit: 10) == "abcdefghij")
    }

    @Test("A longer output loses its middle, and the figures add up")
    func middle() {
        let letters = (0..<100).map { String(UnicodeScalar(UInt8(65 + $0 % 26))) }
        #expect(
            capture(letters, limit: 10) == "ABCDE\n[90 bytes of output left out]\nRSTUV")
    }

    @Test("A line that is never ended is handed out in parts")
    func longLine() {
        let lines = Mutex<[Int]>([])
        var output = CapturedOutput(limit: .kibibytes(1)) { line in
            lines.withLock { $0.append(line.utf8.count) }
        }
        [UInt8](repeating: 65, count: 150_000).withUnsafeBytes { output.append($0) }
        output.finish()
        #expect(lines.withLock { $0 } == [65_536, 65_536, 18_928])
    }
}
