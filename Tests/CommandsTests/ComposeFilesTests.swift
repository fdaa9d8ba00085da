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
        #expect(files.choice == nil)
        #expect(files.unread.isEmpty)
    }

    @Test("B16: an override file belongs to the usual one, as with Compose, and is told")
    func override() throws {
        try write("compose.yml")
        try write("compose.override.yml")
        try write("compose.prod.yml")
        let files = try ComposeFiles(named: [], from: folder.path)
        #expect(
            files.paths == ["compose.yml", "compose.override.yml"].map { folder.path + "/" + $0 })
        #expect(files.names(from: folder.path).isEmpty)
        #expect(files.choice == "Read compose.yml, compose.override.yml, as Compose does.")
        #expect(files.unread == ["compose.prod.yml"])
        let named = try ComposeFiles(named: ["compose.yml"], from: folder.path)
        #expect(named.names(from: folder.path) == ["compose.yml"])
    }

    @Test("B16: COMPOSE_FILE of the environment goes before that of .env, and both before names")
    func variable() throws {
        try write("compose.yml")
        try write("extra.yml")
        try write(
            ".env",
            "# no\nexport TAG=1\nCOMPOSE_FILE='compose.yml;extra.yml'\nCOMPOSE_PATH_SEPARATOR=;\n")
        let files = try ComposeFiles(named: [], from: folder.path)
        #expect(files.paths == ["compose.yml", "extra.yml"].map { folder.path + "/" + $0 })
        #expect(files.names(from: folder.path).isEmpty)
        #expect(files.choice?.hasSuffix("as COMPOSE_FILE in \(folder.path)/.env says.") == true)
        let other = try ComposeFiles(
            named: [], from: folder.path, environment: ["COMPOSE_FILE": "extra.yml"])
        #expect(other.paths == [folder.path + "/extra.yml"])
        try write("teal.yml", "app: shop\nservices: {web: {port: 80}}\n")
        let read = try ConfigurationFile(path: "teal.yml", from: folder.path, environment: [:])
        #expect(read.composeFiles == files.paths)
        #expect(
            read.composeFilesText
                == "compose files compose.yml, extra.yml by COMPOSE_FILE in \(folder.path)/.env")
        #expect(throws: CommandsError.self) {
            try ComposeFiles(
                named: [], from: folder.path, environment: ["COMPOSE_FILE": "none.yml"])
        }
    }

    @Test("An image that a variable names is seen, also where it is merged in")
    func variableImages() throws {
        try write(
            "compose.yml",
            """
            x-app: &app {image: "acme/web:${TAG}"}
            services: {web: {<<: *app}, job: {image: "acme/job:1"}, cron: {image: "${CRON}"}}
            """)
        let files = try ComposeFiles(named: [], from: folder.path)
        #expect(files.facts.imageVariables == ["web": ["TAG"], "cron": ["CRON"]])
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
