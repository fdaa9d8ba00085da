import DockerCompose
import DockerEngine
import HostSystem
import Orchestration
import Testing
import TestSupport

@testable import Commands

@Suite("What teal init says beside its proposal")
struct InitNotesTests {
    private let folder: TemporaryFolder
    private let files: ComposeFiles

    init() throws {
        folder = try TemporaryFolder()
        try AtomicFile.write(
            "services: {}", to: folder.path + "/compose.yml", access: .ownerOnly)
        files = try ComposeFiles(named: [], from: folder.path)
    }

    private func notes(
        _ project: ProjectOutline = ProposalSample.node, name: String = "shop",
        in folder: String? = nil, takenBy: String? = nil
    ) -> [String] {
        let notes = InitNotes(
            files: files, name: ProposedName(name), project: project,
            folder: folder ?? files.directory, takenBy: takenBy)
        return notes.decisions + notes.remarks
    }

    @Test("Where all is as usual there is nothing to say")
    func nothing() {
        #expect(notes().isEmpty)
    }

    @Test("B17: variables that are not set are one sentence, and an old `version:` is none")
    func warnings() {
        let ending = "variable is not set. Defaulting to a blank string."
        let project = ComposeProject(
            app: "shop", model: ["services": [:]],
            warnings: [
                "/srv/compose.yml: `version` is obsolete", "The \"TAG\" \(ending)",
                "The \"KEY\" \(ending)", "something else",
            ]
        ).outline
        let told = InitNotes(
            files: files, name: ProposedName("shop"), project: project,
            folder: files.directory, takenBy: nil)
        #expect(told.decisions.isEmpty)
        #expect(told.remarks.count == 2)
        #expect(told.remarks[0] == "Compose warns: something else")
        #expect(told.remarks[1].hasPrefix("Compose warns: not set, and so empty: TAG, KEY."))
    }

    @Test("A name that another app has is told with where that is")
    func taken() {
        let told = notes(takenBy: "/srv/other/teal.yml")
        #expect(told.count == 1)
        #expect(told[0].hasPrefix("An app called shop was deployed on this host from /srv/other/"))
    }

    @Test("Volumes that a project of another name has made are not lost sight of")
    func volumes() {
        let project = ComposeProject(
            app: "my-shop", model: ["volumes": ["data": ["name": "my-shop_data"]]]
        ).outline
        #expect(notes(project, name: "my_shop")[0].contains("`data: {name: my_shop_data}`"))
    }

    @Test("A teal.yml elsewhere moves the compose file's relative paths")
    func elsewhere() {
        let told = notes(in: "/srv")
        #expect(told.count == 1)
        #expect(told[0].hasPrefix("Relative paths in the compose file, and its .env, count from"))
    }

    @Test("A service that publishes, and that nginx cannot reach by its name, is named")
    func unfit() {
        let project = ProposalSample.project([
            "_front": ["image": "x", "ports": ProposalSample.publishing(80, "80")],
            "_api": ["image": "y"], "Web.Front": ["image": "z"],
        ])
        #expect(notes(project).count == 1)
        #expect(notes(project)[0].contains("\"_front\""))
    }

    @Test("A path with blanks is one word of the next command")
    func words() {
        #expect(ShellWord.quoted("/srv/a-b_c.yml") == "/srv/a-b_c.yml")
        #expect(ShellWord.quoted("a b") == "'a b'")
        #expect(ShellWord.quoted("it's") == #"'it'\''s'"#)
        #expect(ShellWord.quoted("") == "''")
    }
}
