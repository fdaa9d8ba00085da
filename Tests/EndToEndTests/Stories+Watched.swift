import TestSupport

extension Stories {
    /// The `web` of all stories, which can also go bad once it has visitors, and has little memory.
    static let watchedWeb =
        web.replacing(
            "image: teal/demo-shop:v1",
            with: "image: teal/demo-shop:v1\n    mem_limit: ${MEMORY_LIMIT:-64m}")
            + """

                  SHOP_DELAY_MS: ${DELAY_MS:-100}
                  SHOP_FAIL_EVERY: ${FAIL_EVERY:-}
                  SHOP_LEAK_MB: ${LEAK_MB:-}
                  SHOP_UNHEALTHY_AFTER: ${UNHEALTHY_AFTER:-}
            """

    /// A story whose v1 has visitors, and whose next releases are watched.
    ///
    /// - Parameter watch: the lines of `bake` and `canary`.
    static func watched(
        _ app: String, _ watch: String, first: [String: String] = [:],
        _ body: (Story) async throws -> Void
    ) async throws {
        let health = "{http: /healthz, interval: 200ms, deadline: 60s}"
        try await Story.tell(app) { story in
            try story.writeCompose(watchedWeb)
            try story.writeConfiguration(configuration(health: health, more: watch))
            try await story.deploy(
                first.merging(["VERSION": "v1"]) { $1 }, options: ["--release", "v1"])
            try await story.openSite()
            try await story.untilVersion("v1")
            try await body(story)
        }
    }

    /// Steady visitors, as many a second as any machine can serve.
    static func visitors(rate: Int = 100, clients: Int? = nil) -> Load {
        var load = Load()
        load.rate = rate
        load.clients = clients
        load.headers = clients == nil ? [] : ["User-Agent: visitor {client}"]
        return load
    }
}
