import ArgumentParser
import HostSystem
import Persistence
import TestSupport
import Testing

@testable import Commands

@Suite("A state folder that this user may not look into")
struct ClosedStateTests {
    private let folder: TemporaryFolder
    private let state: StateDirectory
    private let app: String

    init() throws {
        folder = try TemporaryFolder()
        state = StateDirectory(environment: ["TEAL_STATE_DIR": folder.path + "/state"], from: "/")
        app = state.folder(of: "shop")
        try state.prepare(for: "shop")
        try AtomicFile.write("{}", to: state.origin(of: "shop"), access: .ownerOnly)
    }

    private var invocation: Invocation {
        Invocation(
            environment: ["TEAL_STATE_DIR": state.root], directory: "/",
            standardOutput: .standardOutput, standardError: .standardError)
    }

    /// The two ways in which it may be closed.
    enum Closed: CaseIterable {
        /// As Teal makes it.
        case root
        /// In a folder that somebody else made for all to see.
        case app
    }

    private func path(_ closed: Closed) -> String {
        switch closed {
        case .root: state.root
        case .app: app
        }
    }

    /// The folder of the test itself is its owner's.
    private func outside<Result>(
        _ closed: Closed, _ body: () throws -> Result
    ) throws -> Result {
        try FileSystem().openToAll(folder.path)
        if closed == .app { try FileSystem().openToAll(state.root) }
        return try asNobody(outside: path(closed), body)
    }

    @Test("An app is not told as unknown, and root is named", arguments: Closed.allCases)
    func named(_ closed: Closed) throws {
        let error = try outside(closed) {
            #expect(throws: CommandsError.self) { try AppOrigin.read(of: "shop", in: state) }
        }
        guard case .stateNotReadable = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(error?.description.contains("permission denied. Run it as root") == true)
    }

    @Test("A list of all apps is not empty: it is refused, or has the app with the reason")
    func all() throws {
        let refused = try outside(.root) {
            #expect(throws: CommandsError.self) { try ProbedApp.all(invocation) }
        }
        #expect(refused?.description.contains("Run it as root") == true)
        let apps = try outside(.app) { try ProbedApp.all(invocation) }
        #expect(apps.map(\.name) == ["shop"])
        #expect(throws: CommandsError.self) { try apps.first?.app.get() }
    }

    @Test("A teal.yml of one's own is no way around it", arguments: Closed.allCases)
    func ownFile(_ closed: Closed) throws {
        let file = folder.path + "/teal.yml"
        try AtomicFile.write(
            "app: shop\nservices: {web: {port: 8080}}\n", to: file, access: .everyoneReads)
        try AtomicFile.write(
            "services: {web: {image: x}}\n", to: folder.path + "/compose.yml",
            access: .everyoneReads)
        let error = try outside(closed) {
            #expect(throws: CommandsError.self) {
                try CommonOptions.parse(["--config", file]).locate(invocation, for: .knownReleases)
            }
        }
        #expect(error?.description.contains("Run it as root") == true)
    }

    @Test("A history and a watch's record are not told as empty")
    func stores() throws {
        try outside(.app) {
            #expect(throws: HostError.self) {
                try SQLiteDeploymentStore.openForReading(state.store(of: "shop"))
            }
            #expect(throws: HostError.self) {
                try SQLiteWatchStore.openForReading(state.watchStore(of: "shop"))
            }
        }
    }

    @Test("The tokens of the page are not told as none, and root is named")
    func tokens() throws {
        let error = try outside(.root) {
            #expect(throws: HostError.self) { try PageTokens(state).list() }
        }
        #expect(error?.description.contains("run it as root") == true)
    }
}
