import BlueGreen
import Glibc
import HostSystem
import Testing

@Suite("A file that another program appends to")
struct AppendedFileTests {
    private static let files = FileSystem()

    /// A path of its own for each test, where nothing is yet.
    private func withPath(_ story: (String) throws -> Void) throws {
        let path = "/tmp/teal-appended-\(UInt64.random(in: 0 ... .max))"
        defer { try? Self.files.removeTree(path) }
        try story(path)
    }

    private func append(_ text: String, to path: String) throws {
        let descriptor = open(path, O_CREAT | O_APPEND | O_WRONLY, 0o644)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    private func lines(_ file: inout AppendedFile) throws -> [String] {
        var lines: [String] = []
        try file.readLines { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }

    @Test("An appended file hands out each whole line once, and a half one when it has its end")
    func growing() throws {
        try withPath { path in
            var file = AppendedFile(path)
            try append("one\n\ntw", to: path)
            #expect(try lines(&file) == ["one", ""])
            #expect(try lines(&file) == [])
            try append("o", to: path)
            #expect(try lines(&file) == [])
            try append("\nthree\n", to: path)
            #expect(try lines(&file) == ["two", "three"])
        }
    }

    @Test("The file may be missing, come later and go again")
    func missing() throws {
        try withPath { path in
            var file = AppendedFile(path)
            #expect(try lines(&file) == [])
            try file.empty()
            try file.emptyWhenRead(ByteCount(bytes: 0))
            #expect(!Self.files.exists(path))
            try append("one\n", to: path)
            #expect(try lines(&file) == ["one"])
            try Self.files.removeTree(path)
            #expect(try lines(&file) == [])
            try append("two\n", to: path)
            #expect(try lines(&file) == ["two"])
        }
    }

    @Test("A replaced or shortened file is read from its beginning")
    func replaced() throws {
        try withPath { path in
            var file = AppendedFile(path)
            try append("one\ntwo\nhal", to: path)
            #expect(try lines(&file) == ["one", "two"])
            #expect(truncate(path, 0) == 0)
            try append("three\n", to: path)
            #expect(try lines(&file) == ["three"])
            try AtomicFile.write("four\nfive\nsix\n", to: path, access: .everyoneReads)
            #expect(try lines(&file) == ["four", "five", "six"])
        }
    }

    @Test("A file is emptied only where enough of it, and all of it, is read")
    func emptied() throws {
        try withPath { path in
            var file = AppendedFile(path)
            try append("one\n", to: path)
            #expect(try lines(&file) == ["one"])
            try file.emptyWhenRead(ByteCount(bytes: 5))
            #expect(try Self.files.readText(path) == "one\n")
            try append("two", to: path)
            try file.emptyWhenRead(ByteCount(bytes: 4))
            #expect(try Self.files.readText(path) == "one\ntwo")
            try append("\n", to: path)
            #expect(try lines(&file) == ["two"])
            try file.emptyWhenRead(ByteCount(bytes: 4))
            #expect(try Self.files.readText(path).isEmpty)
            try append("three\n", to: path)
            #expect(try lines(&file) == ["three"])
            try file.empty()
            #expect(try Self.files.readText(path).isEmpty)
            try append("four\n", to: path)
            #expect(try lines(&file) == ["four"])
        }
    }

    @Test("A file may be longer than one reading, also where it has no lines")
    func long() throws {
        try withPath { path in
            var file = AppendedFile(path)
            let line = String(repeating: "x", count: 999)
            try append(String(repeating: line + "\n", count: 1000), to: path)
            let found = try lines(&file)
            #expect(found.count == 1000)
            #expect(found.allSatisfy { $0 == line })
            try append(String(repeating: "x", count: 1_000_000), to: path)
            #expect(try lines(&file) == [])
            try append("\nlast\n", to: path)
            #expect(try lines(&file).last == "last")
            #expect(try lines(&file) == [])
        }
    }

    @Test("A link in the file's place is not followed")
    func link() throws {
        try withPath { path in
            var file = AppendedFile(path)
            try Self.files.replaceLink(at: path, with: "/etc/passwd")
            #expect(throws: HostError.self) { try lines(&file) }
            #expect(throws: HostError.self) { try file.empty() }
        }
    }
}
