import BlueGreen
import TestSupport
import Testing

@testable import Commands

@Suite("teal.yml")
struct ConfigurationTests {
    @Test("The least that a file must say is an app and one service with a port")
    func least() throws {
        let configuration = try parse("app: shop\nservices: {web: {port: 8080}}")
        #expect(configuration.app == "shop")
        #expect(configuration.services["web"]?.role == .exposed)
        #expect(configuration.services["web"]?.port == 8080)
        #expect(configuration.services["web"]?.healthCheck == nil)
        #expect(configuration.deployment == DeploymentSettings(bake: Bake()))
        #expect(configuration.services["web"]?.memory == nil)
        #expect(configuration.diskReserve == .mebibytes(1024))
        #expect(configuration.trafficSwitch == .live)
        #expect(configuration.nginx == NginxAccess())
    }

    @Test("Every key reaches its setting")
    func everyKey() throws {
        let configuration = try parse(
            """
            app: shop-2
            compose: [a.yml, b.yml]
            env_files: .env
            services:
              web:
                port: 80
                replicas: 3
                volumes: shared
                stop_grace: 1m
                health:
                  http: /up?deep=1
                  host: shop.example
                  expect: [200, 300-304]
                  port: 81
                  interval: 500ms
                  timeout: 3s
                  rise: 1
                  fall: 9
                  deadline: 1h
              db: {role: shared, health: {command: [pg_isready, -q]}}
              cache: {role: shared, health: {tcp: 6379}, memory: 1G}
              worker: {role: singleton}
              mail: {health: {docker: true}}
              search:
            start:
              pause: 0s
              at_most: 5m
              settle: {memory_free: 96M, cpu_pressure: 50%, memory_pressure: 2.5%, steal: 0%,
                disk_wait: 100%, swap_in: 512K}
            room: stop-first
            disk: {reserve: 500M}
            switch: reload
            drain: 2m
            keep: {previous: removed, releases: 2}
            nginx:
              directory: /srv/nginx
              container: proxy
              config: /etc/nginx/other.conf
              status: 127.0.0.1:9000
            """)
        #expect(configuration.composeFiles == ["a.yml", "b.yml"])
        #expect(configuration.environmentFiles == [".env"])
        let web = try #require(configuration.services["web"])
        #expect(web.replicas == 3)
        #expect(web.volumes == .shared)
        #expect(web.stopGrace == .seconds(60))
        let check = HealthCheck(
            method: .http(
                port: 81, path: "/up?deep=1", host: "shop.example",
                expected: [200...200, 300...304]),
            interval: .milliseconds(500), timeout: .seconds(3), rise: 1, fall: 9,
            deadline: .seconds(3600))
        #expect(web.healthCheck == check)
        #expect(configuration.services["db"]?.role == .shared)
        #expect(
            configuration.services["db"]?.healthCheck?.method == .command(["pg_isready", "-q"]))
        #expect(
            configuration.services["cache"]?.healthCheck
                == HealthCheck(method: .tcp(port: 6379)))
        #expect(configuration.services["mail"]?.healthCheck == HealthCheck(method: .docker))
        #expect(configuration.services["search"] != nil)
        #expect(configuration.services["cache"]?.memory == .mebibytes(1024))
        #expect(configuration.services["worker"]?.role == .singleton)
        #expect(configuration.diskReserve == .mebibytes(500))
        let settings = DeploymentSettings(
            startPause: .zero, startAtMost: .seconds(300),
            settle: SettleBounds(
                memoryFree: .mebibytes(96), processorPressure: Share(percent: 50),
                memoryPressure: Share(percent: 2.5), steal: Share(percent: 0),
                diskWait: Share(percent: 100), swapIn: .kibibytes(512)),
            room: .stopFirst, drain: .seconds(120), previous: .removed, releases: 2, bake: Bake())
        #expect(configuration.deployment == settings)
        #expect(configuration.trafficSwitch == .reload)
        let nginx = NginxAccess(
            directory: "/srv/nginx", container: "proxy", config: "/etc/nginx/other.conf",
            status: "127.0.0.1:9000")
        #expect(configuration.nginx == nginx)
    }

    @Test("A bound of the host that is not named keeps its default")
    func partOfTheBounds() throws {
        let configuration = try parse(
            "app: shop\nservices: {web: {port: 80}}\n"
                + "start: {at_most: 0s, settle: {memory_free: 0M}}")
        #expect(configuration.deployment.startAtMost == .zero)
        #expect(configuration.deployment.startPause == DeploymentSettings().startPause)
        #expect(configuration.deployment.settle == SettleBounds(memoryFree: .zero))
    }

    @Test("A health check without a port probes the service's own")
    func ownPort() throws {
        let configuration = try parse(
            "app: shop\nservices: {web: {port: 8080, health: {http: /}}}")
        let check = HealthCheck(
            method: .http(port: 8080, path: "/", host: nil, expected: [200...399]))
        #expect(configuration.services["web"]?.healthCheck == check)
    }

    @Test("All mistakes of a file are told at once, in its order")
    func everyMistake() {
        let mistakes = mistakes(
            """
            app: Shop
            services:
              web:
                port: 80800
                helth: {http: /}
              db: {role: single}
            drain: 30
            wtch: {every: 30s}
            """)
        #expect(mistakes.count == 6)
        #expect(mistakes.map { $0.prefix(13) } == mistakes.map { $0.prefix(13) }.sorted())
        #expect(mistakes.contains("teal.yml:5:5: unknown key \"helth\", did you mean \"health\"?"))
    }

    @Test(
        "What is not YAML is told with its place",
        arguments: [
            ("app: shop\n\tservices: {}", "teal.yml:2:1: a tab stands where YAML wants spaces"),
            ("app: [shop", "this is not YAML"),
            ("app: shop\napp: other", "the key \"app\" stands more than once"),
            ("", "teal.yml:1:1: the file is empty"),
            ("# only a comment\n", "teal.yml:1:1: the file is empty"),
            ("- app", "teal.yml:1:1: the file must be a mapping"),
            ("app: shop\n---\napp: shop", "this is not YAML"),
            ("app: *shop", "teal.yml:1:6: this is not YAML"),
        ])
    func notYAML(_ yaml: String, _ expected: String) {
        let found = mistakes(yaml)
        #expect(found.count == 1)
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    func parse(_ yaml: String, _ environment: [String: String] = [:]) throws -> AppConfiguration {
        try AppConfiguration(yaml: yaml, file: "teal.yml", environment: environment)
    }
}

func mistakes(_ yaml: String, _ environment: [String: String] = [:]) -> [String] {
    do throws(CommandsError) {
        _ = try AppConfiguration(yaml: yaml, file: "teal.yml", environment: environment)
        return []
    } catch {
        guard case .configuration(let mistakes) = error else { return ["\(error)"] }
        return mistakes.map(\.description)
    }
}
