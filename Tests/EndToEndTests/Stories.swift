import BlueGreen
import TestSupport
import Testing

/// Real docker, real nginx, the real program. Stories are told in lanes, one after the other in each,
/// which take about as long as each other; a story that cannot be beside another is `.alone`. The
/// lanes order the stories; `StoryHost` is what keeps them apart, also those that are in no lane.
@Suite("Stories")
enum Stories {
    @Suite("First lane", .serialized) enum FirstLane {}
    @Suite("Second lane", .serialized) enum SecondLane {}
    @Suite("Third lane", .serialized) enum ThirdLane {}

    /// The demo shop as `web`, its behaviour chosen by the environment of the deploy.
    static let web = """
          web:
            image: teal/demo-shop:v1
            environment:
              SHOP_ROLE: web
              SHOP_VERSION: ${VERSION:-v1}
              SHOP_PORT: ${PORT:-8080}
              SHOP_FAIL_HEALTH: ${FAIL_HEALTH:-}
              SHOP_HEALTH_FAILS: ${HEALTH_FAILS:-}
              SHOP_HANG_HEALTH: ${HANG_HEALTH:-}
              SHOP_HEALTH_HOST: ${HEALTH_HOST:-}
              SHOP_HEALTH_AFTER_MS: ${HEALTH_AFTER_MS:-}
              SHOP_START_DELAY_MS: ${START_DELAY_MS:-}
              SHOP_EXIT_CODE: ${EXIT_CODE:-}
              SHOP_IGNORE_TERM: ${IGNORE_TERM:-}
        """

    /// An exposed `web` with quick waits, so that a story takes seconds. What is to fail gets its
    /// DEADLINE from the deploy; what is to succeed has time enough on any machine. How the host
    /// settles between two starts is the subject of few.
    static func configuration(
        health: String = "{http: /healthz, deadline: \"${DEADLINE:-60s}\"}",
        start: String = "{pause: 100ms, at_most: 0s}", more: String = ""
    ) -> String {
        """
        services:
          web: {port: 8080, health: \(health)}
        start: \(start)
        drain: 5s
        \(more)
        """
    }

    /// A story whose app has that `web`, deployed as v1 and open to requests where asked for.
    static func tell(
        _ app: String, deployed: Bool = true, health: String? = nil, more: String = "",
        _ body: (Story) async throws -> Void
    ) async throws {
        try await Story.tell(app) { story in
            try story.writeCompose(web)
            let lines =
                health.map { configuration(health: $0, more: more) } ?? configuration(more: more)
            try story.writeConfiguration(lines)
            if deployed {
                try await story.deploy(["VERSION": "v1"], options: ["--release", "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
            }
            try await body(story)
        }
    }
}
