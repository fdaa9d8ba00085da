import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Cleaning")
struct CleanTests {
    private static let clutter = [
        Clutter(
            kind: .releaseFolder, name: "/state/shop/releases/20261120-213406-0001",
            size: .kibibytes(12), release: Sample.release(1)),
        Clutter(
            kind: .imageTag, name: "teal/shop/web:20261120-213406-0001", size: .mebibytes(182),
            release: Sample.release(1)),
        Clutter(
            kind: .danglingImage, name: "sha256:0123456789abcdef0123", size: nil, release: nil),
    ]

    @Test("What would go is a table with its sizes and their sum")
    func table() throws {
        #expect(
            CleaningSummary(Self.clutter, try Self.app()).shown == """
                what           name                                       size
                release        /state/shop/releases/20261120-213406-0001  12K
                image          teal/shop/web:20261120-213406-0001         182M
                unnamed image  0123456789ab                               unknown
                3 things, 182M and what is unknown
                Next: `teal clean --app shop` removes it.

                """)
    }

    @Test("What went is said with what is known to be free")
    func removed() throws {
        let words = CleaningSummary([Self.clutter[1]], try Self.app())
        #expect(
            words.removed(.mebibytes(182)) == "Removed 1 thing; 182M are known to be free now.\n")
    }

    @Test("Where there is nothing to clean, that is said")
    func nothing() throws {
        let words = CleaningSummary([], try Self.app())
        #expect(words.shown.hasPrefix("Nothing to clean"))
        #expect(words.shownAndRemoved(.zero) == words.shown)
    }

    static func app(_ more: String = "", web: String = "{port: 80}") throws -> AppContext {
        let folder = try TemporaryFolder()
        let yaml = "app: shop\nservices: {web: \(web)}\n" + more
        try AtomicFile.write(yaml, to: folder.path + "/teal.yml", access: .ownerOnly)
        try AtomicFile.write("services: {}", to: folder.path + "/compose.yml", access: .ownerOnly)
        return AppContext(
            file: try ConfigurationFile(
                path: "teal.yml", from: folder.path, environment: [:]),
            state: StateDirectory(environment: [:], from: folder.path), options: " --app shop")
    }
}
