import BlueGreen
import HostSystem
import Testing

@testable import Commands

@Suite("Going forward carefully in teal.yml")
struct CarefulConfigurationTests {
    private static let head = "app: shop\nservices: {web: {port: 80}, api: {port: 81}, db: {}}\n"

    @Test("A candidate bakes, at once with all of the traffic, unless something else is said")
    func least() throws {
        let configuration = try parse("")
        #expect(configuration.deployment.bake == Bake(duration: .seconds(60)))
        #expect(
            configuration.deployment.bake.bounds
                == BreachBounds(errors: Share(percent: 5), latency: 3, requests: 20))
        #expect(configuration.deployment.canary.steps.isEmpty)
        #expect(configuration.stickiness == .client)
        #expect(configuration.deployment.promotion == .auto)
        #expect(configuration.preview == nil)
        #expect(configuration.maintenancePage == nil)
    }

    @Test("Every key reaches its setting")
    func everyKey() throws {
        let configuration = try parse(
            """
            bake: {for: 5m, errors: 0.5%, latency: 2.5x, requests: 1}
            canary: {steps: [0.01%, 12.5%, 99.99%], every: 1h, sticky: {header: X-Client-2}}
            promote: manual
            promote_within: 24h
            preview: {listen: "10.1.2.3:8089", service: api}
            maintenance: {page: pages/away.html}
            """)
        let deployment = configuration.deployment
        #expect(
            deployment.bake
                == Bake(
                    duration: .seconds(300),
                    bounds: BreachBounds(
                        errors: Share(percent: 0.5), latency: 2.5, requests: 1)))
        #expect(
            deployment.canary
                == Canary(
                    steps: [0.01, 12.5, 99.99].map { Share(percent: $0) }, every: .seconds(3600)))
        #expect(configuration.stickiness == .header("X-Client-2"))
        #expect(deployment.promotion == .manual(within: .seconds(86_400)))
        #expect(
            configuration.preview == PreviewSettings(address: "10.1.2.3:8089", service: "api"))
        #expect(configuration.preview?.url == "http://10.1.2.3:8089")
        #expect(configuration.maintenancePage == "pages/away.html")
    }

    @Test("What is not named keeps its default")
    func parts() throws {
        let bake = try parse("bake: {latency: 1x}").deployment.bake
        #expect(bake == Bake(bounds: BreachBounds(latency: 1)))
        #expect(try parse("bake: {for: 0s}").deployment.bake.duration == .zero)
        let canary = try parse("canary: {steps: [10%], sticky: {cookie: _sid}}")
        #expect(canary.deployment.canary == Canary(steps: [Share(percent: 10)]))
        #expect(canary.stickiness == .cookie("_sid"))
        #expect(
            try parse("promote: manual").deployment.promotion == .manual(within: .seconds(3600)))
    }

    @Test("Where one service is exposed, the preview shows it")
    func onlyService() throws {
        let configuration = try AppConfiguration(
            yaml: "app: shop\nservices: {web: {port: 80}}\npreview: {listen: \"127.0.0.1:1\"}",
            file: "teal.yml", environment: [:])
        #expect(configuration.preview == PreviewSettings(address: "127.0.0.1:1", service: "web"))
    }

    @Test(
        "A preview listens where the internet is not",
        arguments: [
            "127.0.0.1:8089", "10.0.0.1:80", "172.16.0.1:1", "172.31.255.255:65535",
            "192.168.1.9:8089", "169.254.1.1:8089", "100.64.0.1:8089",
        ])
    func privateAddress(_ address: String) throws {
        #expect(try parse("preview: {listen: \"\(address)\", service: web}").preview != nil)
    }

    @Test(
        "and nowhere else",
        arguments: [
            "0.0.0.0:8089", "8.8.8.8:80", "172.32.0.1:80", "192.169.0.1:80", "100.128.0.1:80",
            "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.01:80", "127.0.0.1:080",
            "127.1:80", "localhost:80", "[::1]:80", "127.0.0.1:80;", "127.0.0.256:80",
        ])
    func publicAddress(_ address: String) {
        let found = mistakes(Self.head + "preview: {listen: \"\(address)\", service: web}")
        #expect(found.count == 1, "\(found)")
        #expect(
            found.first?.hasPrefix("teal.yml:3:19: preview.listen must be an IPv4 address of")
                == true, "\(found)")
    }

    @Test("A mistake says what is wrong and where", arguments: mistaken)
    func mistake(_ yaml: String, _ expected: String) {
        let found = mistakes(Self.head + yaml)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
        #expect(found.first?.hasPrefix("teal.yml:3:") == true, "\(found)")
    }

    static let mistaken = [
        ("bake: off", "bake must be a mapping, as in `bake: {for: 60s, errors: 5%"),
        ("bake: {for: 61m}", "bake.for must be at most 1h, as in `for: 60s`; it is \"61m\""),
        ("bake: {for: 60}", "bake.for must be a duration with its unit"),
        ("bake: {errors: 5}", "bake.errors must be a share from 0% to 100%"),
        ("bake: {latency: 3}", "bake.latency must be a factor, as in `latency: 3x`; it is \"3\""),
        ("bake: {latency: .5x}", "bake.latency must be a factor"),
        ("bake: {latency: 1.2.3x}", "bake.latency must be a factor"),
        ("bake: {latency: -3x}", "bake.latency must be a factor"),
        ("bake: {latency: x}", "bake.latency must be a factor"),
        ("bake: {latency: 0.9x}", "bake.latency must be between 1x and 1000x"),
        ("bake: {latency: 1001x}", "bake.latency must be between 1x and 1000x"),
        ("bake: {requests: 0}", "bake.requests must be a number from 1 to 1000000"),
        ("bake: {error: 5%}", "unknown key \"error\", did you mean \"errors\"?"),
        ("canary: 10%", "canary must be a mapping, as in `canary: {steps: [10%, 50%]"),
        ("canary: {every: 60s}", "canary must say its steps"),
        ("canary: {steps: }", "canary.steps must be a list of shares"),
        ("canary: {steps: 10%}", "canary.steps must be a list of shares"),
        ("canary: {steps: []}", "canary.steps must be a list of shares"),
        ("canary: {steps: [10]}", "canary.steps[0] must be a share"),
        ("canary: {steps: [0%]}", "canary.steps[0] must be above 0% and below 100%"),
        ("canary: {steps: [10%, 100%]}", "canary.steps[1] must be above 0% and below 100%"),
        ("canary: {steps: [1.234%]}", "with at most two decimals"),
        ("canary: {steps: [50%, 10%]}", "canary.steps[1] must be more than the step before"),
        ("canary: {steps: [10%, 10%]}", "canary.steps[1] must be more than the step before"),
        (
            "canary: {steps: [1%, 2%, 3%, 4%, 5%, 6%, 7%, 8%, 9%, 10%, 11%]}",
            "canary.steps has 11 steps: at most 10 are possible"
        ),
        ("canary: {steps: [10%], every: 0s}", "canary.every must be between 1s and 1h"),
        ("canary: {steps: [10%], every: 2h}", "canary.every must be between 1s and 1h"),
        ("canary: {steps: [10%], stick: x}", "did you mean \"sticky\"?"),
        ("canary: {steps: [10%], sticky: sid}", "canary.sticky must be a mapping"),
        ("canary: {steps: [10%], sticky: {}}", "must have exactly one of cookie and header"),
        (
            "canary: {steps: [10%], sticky: {cookie: a, header: b}}",
            "must have exactly one of cookie and header"
        ),
        ("canary: {steps: [10%], sticky: {cookie: a-b}}", "a cookie's name of letters, digits"),
        ("canary: {steps: [10%], sticky: {cookie: \"a;\"}}", "a cookie's name"),
        ("canary: {steps: [10%], sticky: {cookie: \"$$a\"}}", "a cookie's name"),
        ("canary: {steps: [10%], sticky: {header: X_Id}}", "a header field's name of letters"),
        ("canary: {steps: [10%], sticky: {header: \"X:\"}}", "a header field's name"),
        ("canary: {steps: [10%], sticky: {cokie: a}}", "did you mean \"cookie\"?"),
        ("promote: yes", "promote must be one of auto, manual, as in `promote: manual`"),
        ("promote_within: 1h", "promote_within has no meaning without `promote: manual`"),
        ("promote_whitin: 1h", "did you mean \"promote_within\"?"),
        ("preview: 8089", "preview must be a mapping"),
        ("preview: {service: web}", "preview must say where it listens"),
        (
            "preview: {listen: \"127.0.0.1:8127\", service: web}",
            "preview.listen is the address of Teal's status server (nginx.status)"
        ),
        ("preview: {listen: \"127.0.0.1:1\"}", "which service it shows, one of api, web"),
        ("preview: {listen: \"127.0.0.1:1\", service: db}", "names no service with a port"),
        ("preview: {listen: \"127.0.0.1:1\", service: wbe}", "did you mean \"web\"?"),
        ("preview: {listen: \"127.0.0.1:1\", service: \"a b\"}", "an exposed service's name"),
        ("maintenance: on", "maintenance must be a mapping"),
        ("maintenance: {page: }", "maintenance.page must be a path"),
        ("maintenance: {page: \"a\\nb\"}", "holds a path with a control character"),
    ]

    @Test("A canary needs the live switch, and the reason is said")
    func reload() {
        let found = mistakes(Self.head + "switch: reload\ncanary: {steps: [10%]}")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "teal.yml:4:9: canary needs `switch: live`: with `switch: reload`")
                == true, "\(found)")
    }

    @Test("Time for a person is refused where none is asked")
    func within() {
        let found = mistakes(Self.head + "promote: auto\npromote_within: 1h")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("teal.yml:4:17: promote_within has no") == true)
        #expect(mistakes(Self.head + "promote: maybe\npromote_within: 1h").count == 1)
        let short = mistakes(Self.head + "promote: manual\npromote_within: 500ms")
        #expect(short.first?.contains("between 1s and 24h") == true)
    }

    @Test("The status server's own address counts where it is named")
    func status() {
        let found = mistakes(
            Self.head + "nginx: {status: \"127.0.0.1:9\"}\n"
                + "preview: {listen: \"127.0.0.1:9\", service: web}")
        #expect(found.count == 1)
        #expect(found.first?.contains("choose another port") == true)
    }

    @Test("A13: Trusted proxies are one block or a list of blocks, and nobody by default")
    func trustedProxies() throws {
        #expect(try parse("").nginx.trustedProxies == [])
        #expect(
            try parse("nginx: {trusted_proxies: [10.0.0.0/8, fd00::/8, \"::1\"]}")
                .nginx.trustedProxies.map(\.description) == ["10.0.0.0/8", "fd00::/8", "::1"])
        #expect(
            try parse("nginx: {trusted_proxies: 10.0.0.1}")
                .nginx.trustedProxies.map(\.description) == ["10.0.0.1"])
    }

    @Test("All mistakes are told at once")
    func everyMistake() {
        let found = mistakes(
            Self.head + """
                bake: {for: 2h, latency: 3}
                canary: {steps: [50%, 10%, 100%], every: 0s}
                promote_within: 1h
                preview: {listen: "0.0.0.0:1"}
                """)
        #expect(found.count == 8, "\(found)")
    }

    private func parse(_ yaml: String) throws -> AppConfiguration {
        try AppConfiguration(yaml: Self.head + yaml, file: "teal.yml", environment: [:])
    }
}
