import ArgumentParser
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("--artifact")
struct ArtifactArgumentTests {
    private func read(_ text: String, as argument: String = "a.json") throws -> ImageArtifact {
        let folder = try TemporaryFolder()
        try AtomicFile.write(text, to: folder("a.json"), access: .everyoneReads)
        return try #require(ArtifactArgument(argument: argument)).read(from: folder.path)
    }

    @Test(
        "CodePipeline's imageDetail.json has one image",
        arguments: [("a.json", String?.none), ("web=a.json", "web"), ("./a.json", nil)])
    func detail(_ argument: String, _ service: String?) throws {
        let text = """
            {"ImageSizeInBytes": "44728918", "ImageTags": ["latest"],
             "ImageURI": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:0af1"}
            """
        let image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:0af1"
        #expect(try read(text, as: argument).content == .one(image, service: service))
    }

    @Test("imagedefinitions.json has an image for each service, by name")
    func definitions() throws {
        let text = #"[{"name": "web", "imageUri": "shop:2"}, {"name": "job", "imageUri": "job:2"}]"#
        #expect(try read(text).content == .each(["web": "shop:2", "job": "job:2"]))
    }

    @Test(
        "Any other file is refused with the line to mend",
        arguments: [
            ("", "it is neither {\"ImageURI\": \"IMAGE\"} (imageDetail.json) nor"),
            ("{", "Correct the step of the pipeline that writes it."),
            ("[]", "it is neither"), ("{\"imageUri\": \"shop:2\"}", "it is neither"),
            ("[{\"name\": \"web\"}]", "it is neither"),
            ("{\"ImageURI\": \"\"}", "\"\" is not an image's name"),
            ("{\"ImageURI\": \"shop:2 --privileged\"}", "Correct the image there."),
            ("{\"ImageURI\": \"-shop\"}", "\"-shop\" is not an image's name"),
            (
                "[{\"name\": \"web\", \"imageUri\": \"a:1\"}, {\"name\": \"web\", \"imageUri\": \"a:2\"}]",
                "it names \"web\" twice."
            ),
        ])
    func refused(_ text: String, _ reason: String) throws {
        let error = #expect(throws: CommandsError.self) { try read(text) }
        let words = "\(try #require(error))"
        #expect(words.hasPrefix("--artifact a.json: "))
        #expect(words.contains(reason), "\(words)")
        #expect(ExitStatus(try #require(error)) == .badConfiguration)
    }

    @Test("A file that is not there, a folder, and a service beside a list are refused")
    func unreadable() throws {
        let missing = #expect(throws: CommandsError.self) { try read("{}", as: "b.json") }
        #expect(try #require(missing).description.contains("b.json does not exist. Correct "))
        let folder = #expect(throws: CommandsError.self) { try read("{}", as: ".") }
        #expect(try #require(folder).description.contains("cannot be read"))
        let list = #"[{"name": "web", "imageUri": "shop:2"}]"#
        let named = #expect(throws: CommandsError.self) { try read(list, as: "web=a.json") }
        #expect(try #require(named).description.contains("out: `--artifact a.json`"))
        #expect(ArtifactArgument(argument: "") == nil)
        #expect(ArtifactArgument(argument: "web=") == nil)
    }

    @Test("deploy and plan repeat it in the commands that they show")
    func repeated() throws {
        let deploy = try Deploy.parse(["--artifact", "web=a b.json"])
        #expect(deploy.options.repeated == " --artifact 'web=a b.json'")
        let plan = try Plan.parse(["--artifact", "a.json"])
        #expect(plan.options.repeated == " --artifact a.json")
    }
}
