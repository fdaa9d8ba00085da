import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("The compose files that teal init reads")
struct ComposeFilesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ name: String, _ text: String = "services: {}") throws {
        try AtomicFile.write(text, to: folder.path + "/" + name, access: .ownerOnly)
    }

    @Test("The usual one is found, and needs no line in the teal.yml beside it")
    func usual() throws {
        #expect(throws: CommandsError.noComposeFileToRead(directory: folder.path)) {
            try ComposeFiles(named: [], from: folder.path)
        }
        try write("compose.yml")
        let files = try ComposeFiles(named: [], from: folder.path)
        #expect(files.paths == [folder.path + "/compose.yml"])
        #expect(files.names(from: folder.path).isEmpty)
        #expect(files.names(from: "/elsewhere") == files.paths)
        #expect(files.override == nil)
        try write("compose.override.yml")
        #expect(files.override == folder.path + "/compose.override.yml")
    }

    @Test("A named one gets its line, unless it is the usual one")
    func named() throws {
        try write("compose.yml")
        try write("prod.yml")
        let usual = try ComposeFiles(named: ["compose.yml"], from: folder.path)
        #expect(usual.names(from: folder.path).isEmpty)
        let both = try ComposeFiles(named: ["compose.yml", "./prod.yml"], from: folder.path)
        #expect(both.names(from: folder.path) == ["compose.yml", "prod.yml"])
        #expect(throws: CommandsError.composeFileToReadNotFound(path: folder.path + "/no.yml")) {
            try ComposeFiles(named: ["no.yml"], from: folder.path)
        }
    }

    @Test("The project's name is the compose file's, else the folder's")
    func name() throws {
        try write("compose.yml", "name: My_Shop\nservices: {}")
        let files = try ComposeFiles(named: [], from: folder.path)
        #expect(try files.projectName() == ProposedName("my_shop"))
        try write("compose.yml", "name: ${NAME}\nservices: {}")
        let ofFolder = ProposedName(String(folder.path.split(separator: "/").last ?? ""))
        #expect(try files.projectName() == ofFolder)
        try write("compose.yml", "name: [")
        #expect(try files.projectName() == ofFolder)
    }
}
