import BlueGreen
import Glibc
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
        expectConfigurationMistake(
            "teal.yml:3:11: the compose file \(folder.path)/a.yml cannot be read: it does not exist; "
                + "paths count from the folder of this file")
        try write("a.yml", "services: {}")
        try write("teal.yml", Self.least + "compose: [a.yml]\nenv_files: no.env")
        let error = CommandsError.environmentFileNotFound(
            path: folder.path + "/no.env", place: "teal.yml:4:12")
        #expect(throws: error) { try load("teal.yml") }
    }

    @Test("A file that would never end, or is too large, is refused by its place, and not read")
    func endless() throws {
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        try write("teal.yml", Self.least + "compose: [pipe]")
        expectConfigurationMistake(
            "teal.yml:3:11: the compose file \(folder.path)/pipe cannot be read: it is no regular "
                + "file; paths count from the folder of this file")
        try write("compose.yml", "services: {}")
        try write("teal.yml", Self.least + "env_files: [/dev/null, pipe]")
        let unfit = CommandsError.environmentFileUnfit(
            path: folder.path + "/pipe", reason: "it is no regular file", place: "teal.yml:3:24")
        #expect(throws: unfit) { try load("teal.yml") }
        #expect(throws: CommandsError.self) {
            try ConfigurationFile.check(environmentFiles: ["/dev/zero"])
        }
        for (path, reason) in [
            ("pipe", "it is no regular file"), (".", "it is a folder"),
            ("long.yml", "it is larger than 256K, and nothing of that size is read"),
        ] {
            try write("long.yml", Self.least + String(repeating: "#", count: 262_144))
            let error = CommandsError.configurationNotReadable(
                path: "\(folder.path)/\(path)", reason: reason)
            #expect(throws: error) { try load(path) }
        }
    }

    @Test("A maintenance page is a text of bounded size that can be read")
    func maintenancePage() throws {
        let size = Int(ConfigurationFile.largestPage.bytes)
        try write("compose.yml", "services: {}")
        try write("full.html", String(repeating: "x", count: size))
        try write("long.html", String(repeating: "x", count: size + 1))
        try AtomicFile.write(
            bytes: [0xff, 0xfe], to: folder.path + "/latin.html", access: .ownerOnly)
        try FileSystem().makeFolder(folder.path + "/folder", access: .ownerOnly)
        try write("teal.yml", Self.least)
        #expect(try load("teal.yml").maintenancePage == nil)
        try write("teal.yml", Self.least + "maintenance: {page: ./full.html}")
        #expect(try load("teal.yml").maintenancePage == folder.path + "/full.html")
        for (page, reason) in [
            ("none.html", "it does not exist"), ("folder", "it is a folder"),
            ("/dev/null", "it is no regular file"),
            ("long.html", "it is larger than 64K, and nothing of that size is read"),
            ("latin.html", "it is not UTF-8 text"),
        ] {
            try write("teal.yml", Self.least + "maintenance: {page: \(page)}")
            let path = page.hasPrefix("/") ? page : "\(folder.path)/\(page)"
            let file = try load("teal.yml")
            let error = #expect(throws: CommandsError.self) { try file.checkMaintenancePage() }
            #expect(
                error?.description == "teal.yml:3:21: the maintenance page \(path) cannot be used: "
                    + "\(reason). Correct the line, or remove it for Teal's own page.")
            #expect(error.map { ExitStatus($0) } == .badConfiguration)
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

    private func expectConfigurationMistake(_ text: String) {
        let error = #expect(throws: CommandsError.self) { try load("teal.yml") }
        #expect(error?.description == text)
        #expect(error.map { ExitStatus($0) } == .badConfiguration)
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
