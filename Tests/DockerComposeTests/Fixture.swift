@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import TestSupport

/// A resolved model as `docker compose config --format json` prints it.
enum Fixture {
    static let release = release(1)

    static func release(_ number: UInt16) -> ReleaseID { Sample.release(number) }

    static let shop: JSONValue = [
        "name": "shop",
        "services": [
            "web": [
                "image": "shop/web:latest", "build": ["context": "/srv/shop"],
                "container_name": "shop_web", "command": ["serve", "$$PORT"],
                "environment": ["TOKEN": "a$$b"],
                "depends_on": [
                    "db": ["condition": "service_healthy", "required": true],
                    "init": ["condition": "service_completed_successfully", "required": true],
                ],
                "networks": [
                    "default": .null, "back": ["aliases": ["shop-front"]], "proxy": .null,
                ],
                "ports": [["mode": "ingress", "target": 8080, "published": "80"]],
                "configs": [["source": "site"]], "labels": ["owner": "me"],
                "x-team": "front",
            ],
            "init": ["image": "shop/init", "networks": ["default": .null]],
            "db": [
                "image": "postgres:16", "networks": ["default": .null],
                "healthcheck": ["test": ["CMD", "pg_isready"]],
                "ports": [["mode": "ingress", "target": 5432, "published": "5432"]],
                "stop_grace_period": "1m30s",
                "volumes": [["type": "volume", "source": "data", "target": "/data"]],
            ],
        ],
        "networks": [
            "default": ["name": "shop_default", "ipam": [:]],
            "back": ["name": "shop_back", "ipam": [:]],
            "proxy": ["name": "edge", "external": true],
        ],
        "volumes": ["data": ["name": "shop_data"]],
        "configs": ["site": ["name": "shop_site", "file": "/srv/shop/site.conf"]],
        "x-kept": 1,
    ]

    static let shopSettings: [String: ServiceSettings] = [
        "web": ServiceSettings(port: 8080, replicas: 2), "db": ServiceSettings(role: .shared),
    ]

    static func shopSet() throws -> ContainerSet {
        try ContainerSet(
            project: ComposeProject(app: "shop", model: shop), settings: shopSettings,
            release: release)
    }

    /// A project of one image per service, with what the test is about.
    static func project(_ services: [String: JSONValue]) -> ComposeProject {
        ComposeProject(app: "shop", model: ["name": "shop", "services": .object(services)])
    }
}

extension ContainerSet {
    init(
        project: ComposeProject, settings: [String: ServiceSettings], release: ReleaseID
    ) throws {
        self.init(
            project: project, settings: settings, release: release,
            services: try project.plan(settings))
    }
}
