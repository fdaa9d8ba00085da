import BlueGreen
import Dashboard
import Glibc
import HostSystem
import TestSupport
import Testing

@Suite("Tokens of the page")
struct TokenFileTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("A token is kept hashed, in a file that its owner alone can read")
    func file() throws {
        let folder = try TemporaryFolder()
        let file = TokenFile(path: folder.path + "/tokens.json")
        #expect(try file.tokens() == [])
        let made = try file.create(name: "ops", .act, expiresAt: nil, at: now)
        #expect(made.secret.hasPrefix("teal_"))
        let text = try FileSystem().readText(file.path)
        #expect(!text.contains(made.secret.dropFirst(5)))
        var status = stat()
        #expect(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try file.tokens() == [made.token])
        #expect(throws: TokenError.nameTaken("ops")) {
            try file.create(name: "ops", .read, expiresAt: nil, at: now)
        }
        #expect(throws: TokenError.unknown("other")) { try file.revoke("other") }
        #expect(try file.revoke("ops") == made.token)
        #expect(try file.tokens() == [])
    }

    @Test("A file that is no list of tokens admits nobody")
    func damage() throws {
        let folder = try TemporaryFolder()
        let file = TokenFile(path: folder.path + "/tokens.json")
        for text in ["", "{}", "[]", "{\"formatVersion\": 2, \"tokens\": []}"] {
            try AtomicFile.write(text, to: file.path, access: .ownerOnly)
            #expect(throws: TokenError.unreadable(path: file.path)) { try file.tokens() }
        }
    }
}
