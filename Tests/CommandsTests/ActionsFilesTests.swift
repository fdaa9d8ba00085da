import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("The files of a GitHub Actions step")
struct ActionsFilesTests {
    @Test("The summary and the outputs are appended to what earlier steps wrote")
    func appends() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("# Tests\n", to: folder("summary"), access: .everyoneReads)
        let files = try #require(
            ActionsFiles(environment: [
                "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": folder("summary"),
                "GITHUB_OUTPUT": folder("output"),
            ]))
        let outputs = ["traffic": "green", "outcome": "promoted"]
        #expect(files.append(summary: ["Done.", "```"], of: "shop", outputs: outputs).isEmpty)
        #expect(
            try FileSystem().readText(folder("summary"))
                == "# Tests\n### Teal: shop\n\n    Done.\n    ```\n\n")
        #expect(
            try FileSystem().readText(folder("output")) == "outcome=promoted\ntraffic=green\n")
    }

    @Test("A file that cannot be written is told, and one that is not named is none")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        let files = try #require(
            ActionsFiles(environment: [
                "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": "\(folder.path)/none/output",
            ]))
        let told = files.append(summary: ["Done."], of: "shop", outputs: ["outcome": "aborted"])
        #expect(told.count == 1)
        #expect(told[0].hasPrefix("GITHUB_OUTPUT could not be written, "))
        #expect(ActionsFiles(environment: ["GITHUB_STEP_SUMMARY": folder("summary")]) == nil)
    }
}
