import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("A14: Going back needs nothing of today's teal.yml")
struct KnownReleasesTests {
    private let folder: TemporaryFolder
    private let state: StateDirectory
    private static let deployed = """
        app: shop
        services: {web: {port: 8080}}
        drain: 7s
        nginx: {directory: "/${PLACE}"}
        notify: [{webhook: "${HOOK:-}"}]
        """
    private static let variables = [
        "PLACE": "etc/edge", "HOOK": "https://a.example/x", "HOME": "/",
    ]

    init() throws {
        folder = try TemporaryFolder()
        state = StateDirectory(
            environment: ["TEAL_STATE_DIR": folder.path + "/state"], from: "/")
        try state.prepare(for: "shop")
        try write(Self.deployed)
        try locate(.named).remember()
    }

    /// How the app is named.
    enum Call: CaseIterable {
        case named
        case fromItsFolder
    }

    @Test("All that teal.yml said is kept, its variables included, and nothing else of the day")
    func origin() throws {
        let origin = try AppOrigin.read(of: "shop", in: state)
        #expect(origin.configuration == folder.path + "/teal.yml")
        #expect(origin.text == Self.deployed)
        #expect(origin.variables == ["PLACE": "etc/edge", "HOOK": "https://a.example/x"])
        #expect(try state.apps() == ["shop"])
        var status = stat()
        #expect(stat(state.origin(of: "shop"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("An app that was never deployed is unknown, and so is a path for a name")
    func unknown() {
        for name in ["other", "../shop"] {
            #expect(throws: CommandsError.unknownApp(name, known: ["shop"])) {
                try AppOrigin.read(of: name, in: state)
            }
        }
    }

    /// What became of `teal.yml`, and what the warning names.
    static let faults: [(text: String?, environment: [String: String], told: String)] = [
        (nil, variables, "does not exist"),
        (deployed + "\ndrian: 3s", variables, "teal.yml:6:1: unknown key \"drian\""),
        (deployed, [:], "the environment variable PLACE is not set"),
        ("app: other\nservices: {web: {port: 1}}", variables, "describes the app other"),
        ("", variables, "the file is empty"),
    ]

    @Test(
        "The settings of the last deploy do where today's file is gone or wrong",
        arguments: Call.allCases, faults)
    func stored(
        _ call: Call, _ fault: (text: String?, environment: [String: String], told: String)
    ) throws {
        try replace(by: fault.text)
        let app = try locate(call, fault.environment)
        #expect(app.name == "shop")
        #expect(app.configuration.deployment.drain == .seconds(7))
        #expect(app.configuration.nginx.directory == "/etc/edge")
        #expect(app.configuration.notify.targets.count == 1)
        let warning = try #require(app.warning)
        #expect(warning.contains(folder.path + "/teal.yml"))
        #expect(warning.contains(fault.told))
    }

    @Test("A new release needs today's file, and its fault ends the verb", arguments: faults)
    func newRelease(
        _ fault: (text: String?, environment: [String: String], told: String)
    ) throws {
        try replace(by: fault.text)
        do {
            _ = try locate(.named, fault.environment, for: .newRelease)
            Issue.record("took the settings of the last deploy for a new one")
        } catch {
            #expect(ExitStatus(error) == .badConfiguration)
        }
    }

    @Test("A file that is right is taken as it is today, whatever files it names are there")
    func today() throws {
        try write(Self.deployed.replacing("7s", with: "9s") + "\ncompose: gone.yml")
        for call in Call.allCases {
            let app = try locate(call)
            #expect(app.configuration.deployment.drain == .seconds(9))
            #expect(app.warning == nil)
        }
        let error = #expect(throws: CommandsError.self) { try locate(.named, for: .newRelease) }
        #expect("\(try #require(error))".contains("/gone.yml cannot be read: it does not exist"))
    }

    @Test("The link is looked for where it lies, also when today's file names another folder")
    func moved() throws {
        let nginx = folder.path + "/nginx"
        let places = ["PLACE": String(nginx.dropFirst())]
        try FileSystem().makeFolder("\(nginx)/shop/live", access: .ownerOnly)
        try locate(.named, places).remember()
        let error = CommandsError.moved(
            app: "shop", from: nginx, to: "/etc/edge", path: folder.path + "/teal.yml")
        #expect(throws: error) { try locate(.named, for: .newRelease) }
        for call in Call.allCases {
            let app = try locate(call)
            #expect(app.configuration.nginx.directory == nginx)
            #expect(app.warning?.contains("/etc/edge as nginx's folder") == true)
        }
        // Nothing of the app is there any more.
        try FileSystem().removeTree(nginx)
        #expect(try locate(.named, for: .newRelease).configuration.nginx.directory == "/etc/edge")
    }

    @Test("An app with a record of its own is never taken for another one of the same file")
    func renamed() throws {
        let text = "app: other\nservices: {web: {port: 1}}"
        try state.prepare(for: "other")
        try write(text)
        let options = try CommonOptions.parse(["--config", folder.path + "/teal.yml"])
        let other = try options.locate(invocation(Self.variables), for: .newRelease)
        try other.remember()
        #expect(try locate(.fromItsFolder).name == "other")
        #expect(try locate(.named).name == "shop")
    }

    private func locate(
        _ call: Call, _ environment: [String: String] = variables,
        for purpose: ConfigurationFile.Purpose = .knownReleases
    ) throws -> AppContext {
        let isKnown = try state.apps().contains("shop")
        let words =
            switch call {
            case .named where isKnown: ["--app", "shop"]
            case .named, .fromItsFolder: [String]()
            }
        return try CommonOptions.parse(words).locate(invocation(environment), for: purpose)
    }

    private func invocation(_ environment: [String: String]) -> Invocation {
        let own = ["TEAL_STATE_DIR": folder.path + "/state"]
        return Invocation(
            environment: environment.merging(own) { $1 }, directory: folder.path,
            standardOutput: .standardOutput, standardError: .standardError)
    }

    private func replace(by text: String?) throws {
        guard let text else { return try FileSystem().removeTree(folder.path + "/teal.yml") }
        try write(text)
    }

    private func write(_ text: String) throws {
        try AtomicFile.write(text, to: folder.path + "/teal.yml", access: .ownerOnly)
        try AtomicFile.write(
            "services: {}", to: folder.path + "/compose.yml", access: .ownerOnly)
    }
}
