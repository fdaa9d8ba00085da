import HostSystem
import TestSupport

/// A story for the benchmark: the demo shop as blue v1 and green v2, both running, no waits.
enum Stage {
    static let web = """
          web:
            image: teal/demo-shop:v1
            environment: {SHOP_ROLE: web, SHOP_VERSION: "${VERSION:-v1}", SHOP_HEALTH_AFTER_MS: "${AFTER:-}"}
        """

    static func withBothColours(
        _ app: String, live: String, more: String = "", _ body: (Story) async throws -> Void
    ) async throws {
        try await Story.tell(app) { story in
            try story.writeCompose(web)
            try story.writeConfiguration(
                """
                services:
                  web: {port: 8080, health: {http: /healthz}}
                start: {pause: 0s}
                drain: 0s
                switch: \(live)
                \(more)
                """)
            try await story.deploy(["VERSION": "v1"])
            try await story.openSite()
            try await story.deploy(["VERSION": "v2"])
            try await body(story)
        }
    }
}
