import Testing

@testable import Commands

@Suite("Mistakes in teal.yml")
struct ConfigurationMistakeTests {
    @Test("A wrong value says what is expected, with an example", arguments: values)
    func wrongValue(_ service: String, _ expected: String) {
        let found = mistakes("app: shop\nservices:\n  web: \(service)")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
        #expect(found.first?.hasPrefix("teal.yml:3:") == true, "\(found)")
    }

    static let values = [
        ("{port: 0}", "services.web.port must be a port from 1 to 65535, as in `port: 8080`"),
        ("{port: 65536}", "a port from 1 to 65535"),
        ("{port: eighty}", "it is \"eighty\""),
        ("{port: [80]}", "it is a list"),
        ("{port: {}}", "it is a mapping"),
        ("{port: }", "it is empty"),
        ("{port: -1}", "a port from 1 to 65535"),
        ("{port: 99999999999999999999}", "a port from 1 to 65535"),
        ("{port: 80, replicas: 0}", "services.web.replicas must be a number from 1 to 64"),
        ("{port: 80, role: internal}", "a port makes a service exposed"),
        ("{port: 80, role: shard}", "must be one of exposed, internal, shared, singleton"),
        ("{port: 80, role: singleton}", "a port makes a service exposed"),
        ("{port: 80, memory: 64}", "a size with its unit (K, M or G), as in `memory: 128M`"),
        ("{port: 80, memory: 64MB}", "a size with its unit"),
        ("{port: 80, memory: -1M}", "a size with its unit"),
        ("{port: 80, memory: 0M}", "services.web.memory must be between 1M and 1024G"),
        ("{port: 80, memory: 1025G}", "between 1M and 1024G"),
        ("{port: 80, volumes: none}", "must be one of exclusive, shared, fresh, or a list of them"),
        ("{port: 80, volumes: [shared, exclusive]}", "or a list of them, as in `volumes: shared`"),
        ("{port: 80, publish: all}", "must be one of compose, none, as in `publish: none`"),
        ("{port: 80, unpublished: 0}", "ports from 1 to 65535, or ranges of them"),
        ("{port: 80, unpublished: [443, http]}", "as in `unpublished: [443, 9229]`"),
        ("{port: 80, unpublished: 90-80}", "ports from 1 to 65535, or ranges of them"),
        ("{port: 80, stop_grace: 10}", "a duration with its unit (ms, s, m, h or d)"),
        ("{port: 80, stop_grace: 25h}", "must be at most 24h"),
        ("{port: 80, stop_grace: 9999999999h}", "a duration with its unit"),
        ("{port: 80, watch: false}", "must be one of off, notify, restart, as in `watch: restart`"),
        ("{port: 80, watch: rollback}", "must be one of off, notify, restart"),
        ("{port: 80, health: /up}", "services.web.health must be a mapping"),
        ("{port: 80, health: {}}", "exactly one of http, tcp, command and docker"),
        ("{port: 80, health: {http: /, tcp: true}}", "it has http and tcp"),
        ("{port: 80, health: {http: up}}", "a path that begins with /"),
        ("{port: 80, health: {http: \"/a b\"}}", "a path that begins with /"),
        ("{port: 80, health: {http: \"/a\\r\\nX: y\"}}", "a path that begins with /"),
        ("{port: 80, health: {http: /, host: \"a b\"}}", "a host name"),
        ("{port: 80, health: {http: /, expect: 99}}", "statuses between 100 and 599"),
        ("{port: 80, health: {http: /, expect: 400-200}}", "as in `expect: 200-399`"),
        ("{port: 80, health: {http: /, expect: []}}", "as in `expect: 200-399`"),
        ("{port: 80, health: {http: /, interval: 0s}}", "between 10ms and 24h"),
        ("{port: 80, health: {http: /, rise: 0}}", "a number from 1 to 100"),
        ("{port: 80, health: {tcp: yes}}", "must be true or a port from 1 to 65535"),
        ("{port: 80, health: {tcp: 1, port: 2}}", "names a port, and so does `port`"),
        ("{port: 80, health: {tcp: true, expect: 200}}", "has no meaning for this kind of check"),
        ("{port: 80, health: {docker: true, port: 1}}", "has no meaning for this kind of check"),
        ("{port: 80, health: {command: curl -f x}}", "must be a list, the program first"),
        ("{port: 80, health: {command: []}}", "as in `command: [pg_isready"),
        ("{port: 80, prot: 81}", "did you mean \"port\"?"),
        ("{port: 80, zebra: 1}", "services.web knows role, port, health"),
        ("{health: {tcp: true}, port: {}}", "services.web.port must be a port"),
    ]

    @Test("A wrong setting says what is expected, with an example", arguments: settings)
    func wrongSetting(_ yaml: String, _ expected: String) {
        let found = mistakes("services: {web: {port: 80}}\n" + yaml)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    static let settings = [
        ("drain: 1s", "the key \"app\" is missing"),
        ("app:", "app must be a name of at most 40 characters"),
        ("app: 2shop", "with a letter first"),
        ("app: sales-blue", "none of Teal's own endings"),
        ("app: sales-green-hook", "none of Teal's own endings"),
        ("app: sales-shared", "none of Teal's own endings"),
        ("app: shop_2", "app must be a name"),
        ("app: \(String(repeating: "a", count: 41))", "at most 40 characters"),
        ("app: \"shop\\n\"", "app must be a name"),
        ("app: shop\nkeep: {releases: 1}", "a number from 2 to 1000"),
        ("app: shop\nkeep: {previous: gone}", "one of running, stopped, removed"),
        ("app: shop\nswitch: slow", "one of live, reload"),
        ("app: shop\ncompose: []", "a path or a list of paths"),
        ("app: shop\nstart: 3s", "start must be a mapping, as in `start: {pause: 3s, at_most"),
        ("app: shop\nstart: {at_most: 60}", "start.at_most must be a duration with its unit"),
        ("app: shop\nstart: {settle: 60%}", "start.settle must be a mapping"),
        ("app: shop\nstart: {settle: {cpu: 60%}}", "start.settle knows memory_free, cpu_pressure"),
        ("app: shop\nstart: {settle: {cpu_presure: 6%}}", "did you mean \"cpu_pressure\"?"),
        ("app: shop\nstart: {settle: {steal: 50}}", "a share from 0% to 100%, as in `steal"),
        ("app: shop\nstart: {settle: {steal: 101%}}", "a share from 0% to 100%"),
        ("app: shop\nstart: {settle: {disk_wait: -1%}}", "a share from 0% to 100%"),
        ("app: shop\nstart: {settle: {swap_in: 4}}", "a size with its unit"),
        ("app: shop\nstart: {settle: {memory_free: 2000G}}", "must be at most 1024G"),
        ("app: shop\nroom: maybe", "room must be one of refuse, warn, stop-first"),
        ("app: shop\ndisk: 1G", "disk must be a mapping, as in `disk: {reserve: 1G}`"),
        ("app: shop\ndisk: {reserve: 10%}", "disk.reserve must be a size with its unit"),
        ("app: shop\nnginx: {directory: etc}", "an absolute path"),
        ("app: shop\nnginx: {directory: \"/etc/a;b\"}", "an absolute path"),
        ("app: shop\nnginx: {directory: /etc/nginx/}", "an absolute path"),
        ("app: shop\nnginx: {directory: /etc/../nginx}", "an absolute path"),
        ("app: shop\nnginx: {container: p, binary: /nginx}", "has no meaning beside"),
        ("app: shop\nnginx: {status: localhost}", "an IPv4 address with a port"),
        (
            "app: shop\nnginx: {trusted_proxies: [10.0.0.1/8]}",
            "as in `trusted_proxies: [10.0.0.0/8]`"
        ),
        ("app: shop\nnginx: {trusted_proxies: [\"::1\", cloudflare]}", "\"cloudflare\" is none"),
        ("app: shop\nnginx: {trusted_proxies: [\"10.0.0.0/8;\"]}", "addresses or blocks"),
        ("app: shop\nnginx: {trusted_proxies: []}", "addresses or blocks"),
        ("app: shop\n[a]: b", "a key must be a word"),
        ("app: shop\nversion: 3", "unknown key \"version\"; the file knows app, compose"),
    ]

    @Test(
        "Without a service that has a port there is nothing to switch",
        arguments: [
            "services: {}", "services: {web: {}}", "services: {web: }",
            "services: {db: {role: shared}}",
        ])
    func noPort(_ services: String) {
        #expect(
            mistakes("app: shop\n" + services) == [
                "teal.yml:2:11: no service has a port: at least one must take requests, "
                    + "as in `services: {web: {port: 8080}}`"
            ])
    }

    @Test(
        "A service name that could end a word in a file is refused",
        arguments: [
            "\"web;\"", "\"w b\"", "-web", "\"\"", "_web", ".web",
        ])
    func serviceName(_ name: String) {
        let found = mistakes("app: shop\nservices: {\(name): {port: 80}}")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("service's name") == true, "\(found)")
    }

    @Test("An internal service's check needs a port of its own")
    func healthPort() {
        let found = mistakes(
            "app: shop\nservices: {web: {port: 80}, db: {health: {tcp: true}}}")
        #expect(found.count == 1)
        #expect(found.first?.contains("which port is probed?") == true, "\(found)")
    }
}
