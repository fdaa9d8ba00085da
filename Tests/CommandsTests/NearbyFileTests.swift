import FoundationEssentials
import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("Errors that name what the project has")
struct NearbyFileTests {
    private let folder: TemporaryFolder
    private var inner: String { folder.path + "/a/b" }

    init() throws {
        folder = try TemporaryFolder()
        try FileSystem().makeFolder(folder.path + "/a/b", access: .ownerOnly)
    }

    private func write(_ text: String, _ name: String) throws {
        try AtomicFile.write(text, to: "\(folder.path)/\(name)", access: .ownerOnly)
    }

    @Test("init and check name the file of a folder above")
    func above() throws {
        try write("services: {}", "compose.yml")
        try write("app: shop", "teal.yml")
        let compose = "\(folder.path)/compose.yml"
        #expect(throws: CommandsError.noComposeFileToRead(directory: inner, above: compose)) {
            try ComposeFiles(named: [], from: inner)
        }
        let path = "\(inner)/teal.yml"
        let above = "\(folder.path)/teal.yml"
        let missing = CommandsError.configurationNotFound(path: path, above: above)
        #expect(throws: missing) {
            try ConfigurationFile(path: "teal.yml", from: inner, environment: [:])
        }
        #expect("\(missing)".contains("`--config \(above)`"))
    }

    @Test(
        "The example of an error is a service of the project",
        arguments: ["", "app: shop", "app: shop\nservices: {gitea: {role: internal}}"])
    func example(_ text: String) throws {
        try write(
            "services: {db: {image: x}, gitea: {image: g, ports: [\"80:3000/tcp\"]}}",
            "compose.yml")
        try write(text, "teal.yml")
        let error = #expect(throws: CommandsError.self) {
            try ConfigurationFile(path: "teal.yml", from: folder.path, environment: [:])
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("`services: {gitea: {port: 3000}}`"))
    }

    @Test("A health entry without a check names the two that need nothing")
    func health() {
        let yaml = "app: shop\nservices: {web: {port: 80, health: {deadline: 6s}}}"
        let error = #expect(throws: CommandsError.self) {
            try AppConfiguration(yaml: yaml, file: "teal.yml", environment: [:])
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("`tcp: true`"))
    }
}
