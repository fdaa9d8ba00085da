import ArgumentParser
import FoundationEssentials
import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("Files of callers")
struct CallerTests {
    private static let shop = CalledApp(name: "shop", folder: "/srv/shop")

    private static func page(of caller: Caller) -> String {
        switch caller {
        case .codedeploy: "CodeDeploy"
        case .githubSSH, .githubRunner: "GitHubActions"
        case .jenkins: "Jenkins"
        case .git: "GitPush"
        case .cron: "Callers"
        }
    }

    @Test("The documentation shows each file as init writes it", arguments: Caller.allCases)
    func documented(_ caller: Caller) throws {
        let name = "Sources/Commands/Teal.docc/\(Self.page(of: caller)).md"
        let page = try FileSystem().readText(Repository.path(name))
        for file in caller.files(of: Self.shop) {
            #expect(page.contains("\n\(file.text)```\n"), "\(name) has no \(file.path)")
        }
        #expect(page.contains("teal init --ci \(caller.rawValue)"))
    }

    @Test("Each file begins with its name, and no mark is left in it", arguments: Caller.allCases)
    func texts(_ caller: Caller) {
        let app = CalledApp(name: "books", folder: "/opt/books")
        let moves = caller.moves(for: app)
        #expect(!moves.isEmpty)
        for text in caller.files(of: app).map(\.text) + moves {
            #expect(!text.contains("{{") || text.contains("${{"))
            #expect(!text.contains("{{app") && !text.contains("{{folder"))
            #expect(!text.contains("/srv/books"))
        }
    }

    private func invocation(in folder: TemporaryFolder) -> Invocation {
        Invocation(
            environment: [:], directory: folder.path,
            standardOutput: .standardOutput, standardError: .standardError)
    }

    private func write(
        _ caller: Caller, in folder: TemporaryFolder, app: String? = "shop",
        replacing: FirstConfiguration.Replacing = .refused
    ) throws -> CallerWriting {
        try CallerWriting(
            caller, app: app, folder: nil, replacing: replacing, invocation(in: folder))
    }

    @Test("All files are written, scripts can be run, and a second time changes nothing")
    func written() throws {
        let folder = try TemporaryFolder()
        let first = try write(.codedeploy, in: folder)
        #expect(first.files.map(\.state) == [.written, .written, .written])
        #expect(first.text.contains("Wrote deploy/deploy.sh.\n"))
        #expect(FileManager.default.isExecutableFile(atPath: folder("deploy/deploy.sh")))
        let text = try FileSystem().readText(folder("deploy/deploy.sh"))
        #expect(text.contains("cd /srv/shop\n"))
        let second = try write(.codedeploy, in: folder)
        #expect(second.files.map(\.state) == [.kept, .kept, .kept])
    }

    @Test("A file with another content is shown and left, and none of the others is written")
    func existing() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("version: 0.0\n", to: folder("appspec.yml"), access: .everyoneReads)
        let error = #expect(throws: CommandsError.self) { try write(.codedeploy, in: folder) }
        let words = "\(try #require(error))"
        #expect(words.contains("--- appspec.yml\n+++ appspec.yml\n"))
        #expect(words.contains("\n+os: linux\n"))
        #expect(words.contains("appspec.yml exists already with another content"))
        #expect(ExitStatus(try #require(error)) == .usage)
        #expect(!FileSystem().exists(folder("deploy")))
        let forced = try write(.codedeploy, in: folder, replacing: .allowed)
        #expect(forced.files.map(\.state) == [.replaced, .written, .written])
    }

    @Test("The app is that of teal.yml in this folder, unless it is named")
    func app() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: CommandsError.self) { try write(.git, in: folder, app: nil) }
        #expect(try #require(error).description.contains("or name the app with --app NAME"))
        let text = "app: books\nservices:\n  web: {port: 80}\n"
        try AtomicFile.write(text, to: folder("teal.yml"), access: .everyoneReads)
        #expect(try write(.git, in: folder, app: nil).app.folder == "/srv/books")
        #expect(try write(.git, in: folder, app: "shop", replacing: .allowed).app.name == "shop")
    }

    @Test(
        "--ci goes with few other options",
        arguments: [
            ["--ci", "codedeploy", "--compose", "a.yml"], ["--ci", "jenkins", "--yes"],
            ["--ci", "git", "--output", "-"], ["--folder", "/srv/shop"], ["--ci", "nonsense"],
            ["--ci", "git", "--folder", "srv/shop"], ["--ci", "git", "--folder", "/srv/a b"],
        ])
    func options(_ words: [String]) {
        #expect(throws: (any Error).self) { try Init.parse(words) }
    }
}
