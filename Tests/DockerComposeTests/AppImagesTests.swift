@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import FoundationEssentials
import Orchestration
import Testing

struct AppImagesTests {
    private static let one = Fixture.release(1)
    private static let two = Fixture.release(2)

    /// As `GET /images/json?shared-size=1` lists a host with two apps.
    private static let list = """
        [{"Id": "sha256:a", "RepoTags": ["teal/shop/web:\(one)", "teal/shop/api:\(one)"],
          "RepoDigests": ["shop/web@sha256:1"], "Labels": null, "Size": 100, "SharedSize": 40},
         {"Id": "sha256:b", "RepoTags": ["teal/shop/web:\(two)"], "RepoDigests": null,
          "Labels": null, "Size": 100, "SharedSize": 40},
         {"Id": "sha256:c", "RepoTags": ["shop/web:latest", "teal/shop/db:\(one)"],
          "RepoDigests": [], "Labels": null, "Size": 100, "SharedSize": 40},
         {"Id": "sha256:d", "RepoTags": ["teal/blog/web:\(one)", "teal/shop/web:mine"],
          "Size": 100, "SharedSize": 40},
         {"Id": "sha256:e", "RepoTags": null, "RepoDigests": ["shop/web@sha256:2"],
          "Size": 70, "SharedSize": -1},
         {"Id": "sha256:f", "RepoTags": ["<none>:<none>"], "RepoDigests": ["<none>@<none>"],
          "Labels": {"com.docker.compose.project": "shop"}, "Size": 70, "SharedSize": 20},
         {"Id": "sha256:g", "RepoTags": ["<none>:<none>"], "RepoDigests": ["<none>@<none>"],
          "Labels": {"com.docker.compose.project": "blog"}, "Size": 70, "SharedSize": 20},
         {"Id": "sha256:h", "RepoTags": [], "RepoDigests": ["redis@sha256:3"],
          "Size": 70, "SharedSize": 20},
         {"Id": "sha256:i", "RepoTags": [], "RepoDigests": [], "Size": 70, "SharedSize": 20}]
        """

    private func images(used: Set<String> = []) throws -> AppImages {
        AppImages(
            images: try JSONDecoder().decode([ListedImage].self, from: Data(Self.list.utf8)),
            used: used, repositories: AppRepositories(app: "shop", named: ["shop/web"]))
    }

    private func tag(_ service: String, _ bytes: Int64?) -> Clutter {
        Clutter(
            kind: .imageTag, name: "teal/shop/\(service):\(Self.one)",
            size: bytes.map(ByteCount.init(bytes:)), release: Self.one)
    }

    @Test("Names for releases that are not kept go, each image's own size once")
    func tags() throws {
        #expect(
            try images().tags(keeping: [Self.two]) == [tag("api", 60), tag("web", 0), tag("db", 0)]
        )
        #expect(try images().tags(keeping: [Self.one, Self.two]) == [])
    }

    @Test("An image that any container has gives nothing back")
    func usedTags() throws {
        #expect(
            try images(used: ["sha256:a"]).tags(keeping: [Self.two]).map(\.size)
                == [.zero, .zero, .zero])
    }

    @Test("Without a name only the app's own images go, and none that a container has")
    func dangling() throws {
        #expect(
            try images().dangling() == [
                Clutter(kind: .danglingImage, name: "sha256:e", size: nil),
                Clutter(kind: .danglingImage, name: "sha256:f", size: ByteCount(bytes: 50)),
            ])
        #expect(try images(used: ["sha256:e", "sha256:f"]).dangling() == [])
    }

    @Test(
        "An image's name is taken apart as Docker does",
        arguments: [
            ("web", "web", "latest"), ("shop/web:2", "shop/web", "2"),
            ("docker.io/library/redis:7", "redis", "7"),
            ("localhost:5000/shop/web", "localhost:5000/shop/web", "latest"),
            ("localhost:5000/shop/web:2", "localhost:5000/shop/web", "2"),
            ("shop/web@sha256:aa", "shop/web", nil), ("shop/web:2@sha256:aa", "shop/web", nil),
        ] as [(String, String, String?)])
    func names(_ text: String, _ repository: String, _ tag: String?) {
        #expect(ImageName(text).repository == repository)
        #expect(ImageName(text).tag == tag)
    }
}
