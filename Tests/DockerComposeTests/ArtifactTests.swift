@testable import DockerEngine
import BlueGreen
import Orchestration
import Testing

@testable import DockerCompose

@Suite("Images from a pipeline")
struct ArtifactTests {
    private static let image = "registry:5000/shop@sha256:0a"

    private func images(
        _ artifacts: ImageArtifact..., settings: [String: ServiceSettings] = Fixture.shopSettings,
        of project: ComposeProject = ComposeProject(app: "shop", model: Fixture.shop)
    ) throws -> [String: String?] {
        let services = try project.taking(artifacts, settings).model["services"]?.object ?? [:]
        return services.mapValues { $0["image"]?.string }
    }

    @Test("A list gives its services their images, and what gets one is not built")
    func list() throws {
        let project = ComposeProject(app: "shop", model: Fixture.shop)
        let list = ImageArtifact(file: "list.json", content: .each(["web": Self.image]))
        let taken = try project.taking([list], Fixture.shopSettings)
        var expected = Fixture.shop
        expected["services"]?["web"]?["image"] = .string(Self.image)
        expected["services"]?["web"]?["build"] = nil
        #expect(taken.model == expected)
        #expect(try project.taking([], Fixture.shopSettings) == project)
    }

    @Test("One image goes to the only service that is not shared")
    func only() throws {
        let project = Fixture.project([
            "db": ["image": "postgres"],
            "web": ["image": "shop", "build": ["context": "."], "pull_policy": "build"],
        ])
        let settings = [
            "web": ServiceSettings(port: 8080), "db": ServiceSettings(role: .shared),
        ]
        let one = ImageArtifact(file: "detail.json", content: .one(Self.image, service: nil))
        let web = try project.taking([one], settings).model["services"]?["web"]
        #expect(web == ["image": .string(Self.image)])
    }

    @Test("One image of several services is refused until their names are given")
    func several() throws {
        let one = ImageArtifact(file: "detail.json", content: .one(Self.image, service: nil))
        #expect(
            throws: ReleaseSourceError.unfit(
                reason: "detail.json has one image and this release has 2 services: init, web. "
                    + "Say whose it is: `--artifact init=detail.json`, once for each service that "
                    + "runs it.")
        ) { try images(one) }
        let named = ["init", "web"].map {
            ImageArtifact(file: "detail.json", content: .one(Self.image, service: $0))
        }
        let all = try images(named[0], named[1])
        #expect(all == ["web": Self.image, "init": Self.image, "db": "postgres:16"])
    }

    @Test(
        "A name that is not in the compose file, or comes twice, is refused with the line to mend",
        arguments: [
            (
                [ImageArtifact(file: "list.json", content: .each(["api": image, "web": image]))],
                "list.json names api, which the compose file does not have. It has: db, init, web. "
                    + "Correct `name` in list.json."
            ),
            (
                [ImageArtifact(file: "one.json", content: .one(image, service: "api"))],
                "The compose file has no service api. It has: db, init, web. Correct "
                    + "`--artifact api=one.json`."
            ),
            (
                [
                    ImageArtifact(file: "one.json", content: .one(image, service: "web")),
                    ImageArtifact(file: "list.json", content: .each(["web": image])),
                ],
                "one.json and list.json both have an image for web. Leave one `--artifact` out."
            ),
        ])
    func refused(_ artifacts: [ImageArtifact], _ reason: String) throws {
        let project = ComposeProject(app: "shop", model: Fixture.shop)
        #expect(throws: ReleaseSourceError.unfit(reason: reason)) {
            try project.taking(artifacts, Fixture.shopSettings)
        }
    }
}
