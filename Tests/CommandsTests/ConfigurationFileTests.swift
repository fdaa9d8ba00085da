import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("Where things are")
struct ConfigurationFileTests {
    private let folder: TemporaryFolder
    private static let least = "app: shop\nservices: {web: {port: 80}}\n"

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("Paths in teal.yml count from its own folder")
    func paths() throws {
        try write("shop/teal.yml", Self.least + "compose: ../compose.yml\nenv_files: ./a.env")
        try write("compose.yml", "services: {}")
        try write("shop/a.env", "")
        let file = try load("shop/teal.yml")
        #expect(file.composeFiles == [folder.path + "/shop/../compose.yml"])
        #expect(file.environmentFiles == [folder.path + "/shop/a.env"])
        #expect(file.directory == folder.path + "/shop")
    }

    @Test("Without a name the usual compose files are looked for in their order")
    func usual() throws {
        try write("teal.yml", Self.least)
        #expect(throws: CommandsError.noComposeFile(directory: folder.path)) {
            try load("teal.yml")
        }
        for name in ["docker-compose.yml", "compose.yml", "compose.yaml"] {
            try write(name, "services: {}")
            #expect(try load("teal.yml").composeFiles == [folder.path + "/" + name])
        }
    }

    @Test("A file that is named and not there is an error that names it")
    func missing() throws {
        let path = folder.path + "/teal.yml"
        #expect(throws: CommandsError.configurationNotFound(path: path)) { try load("teal.yml") }
        try write("teal.yml", Self.least + "compose: [a.yml]")
        #expect(throws: CommandsError.composeFileNotFound(path: folder.path + "/a.yml")) {
            try load("teal.yml")
        }
        try write("a.yml", "services: {}")
        try write("teal.yml", Self.least + "compose: [a.yml]\nenv_files: no.env")
        #expect(throws: CommandsError.environmentFileNotFound(path: folder.path + "/no.env")) {
            try load("teal.yml")
        }
    }

    @Test("A maintenance page is a file of bounded size that can be read")
    func maintenancePage() throws {
        let size = ConfigurationFile.largestPage
        try write("compose.yml", "services: {}")
        try write("full.html", String(repeating: "x", count: size))
        try write("long.html", String(repeating: "x", count: size + 1))
        try FileSystem().makeFolder(folder.path + "/folder", access: .ownerOnly)
        try write("teal.yml", Self.least)
        #expect(try load("teal.yml").maintenancePage == nil)
        try write("teal.yml", Self.least + "maintenance: {page: ./full.html}")
        #expect(try load("teal.yml").maintenancePage == folder.path + "/full.html")
        for (page, reason) in [
            ("none.html", "it does not exist"), ("folder", "it is no regular file"),
            ("/dev/null", "it is no regular file"),
            ("long.html", "it has 65537 bytes, and at most 65536 are allowed"),
        ] {
            try write("teal.yml", Self.least + "maintenance: {page: \(page)}")
            let path = page.hasPrefix("/") ? page : "\(folder.path)/\(page)"
            let error = CommandsError.maintenancePage(path: path, reason: reason)
            let file = try load("teal.yml")
            #expect(throws: error) { try file.checkMaintenancePage() }
            #expect(ExitStatus(error) == .badConfiguration)
        }
    }

    @Test("A state directory that cannot be made says what to do")
    func unwritable() throws {
        try write("file", "")
        let state = StateDirectory(environment: ["TEAL_STATE_DIR": "file"], from: folder.path)
        do throws(CommandsError) {
            try state.prepare(for: "shop")
            Issue.record("made a folder in a file")
        } catch {
            #expect(error.description.contains("\(folder.path)/file"))
            #expect(error.description.contains("set TEAL_STATE_DIR"))
        }
    }

    private func load(_ path: String) throws(CommandsError) -> ConfigurationFile {
        try ConfigurationFile(path: path, from: folder.path, environment: [:])
    }

    private func write(_ path: String, _ text: String) throws {
        let path = folder.path + "/" + path
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileSystem().makeFolder("/" + parent, access: .ownerOnly)
        try AtomicFile.write(text, to: path, access: .ownerOnly)
    }
}
