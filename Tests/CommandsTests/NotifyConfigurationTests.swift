import Notices
import Testing

@testable import Commands

@Suite("notify in teal.yml")
struct NotifyConfigurationTests {
    private static let token = "XXtokenXX"
    private static let url = "https://hooks.slack.com/services/T0/\(token)"
    private static let all: Set<NoticeEvent> = [
        .promoted, .aborted, .rolledBack, .unknown, .waiting, .unhealthy, .recovered, .restarted,
        .circuitOpen,
    ]

    @Test("Nobody is told where nothing is said", arguments: ["", "notify:", "notify: []"])
    func nobody(_ line: String) throws {
        #expect(try parse(line).notify == NotifySettings())
    }

    @Test("Each target has its own events, all there are where it names none")
    func targets() throws {
        let notify = try parse(
            """
            notify:
              - {webhook: "${HOOK}", on: [promoted, rolled_back]}
              - {webhook: https://discord.com/api/webhooks/1/x, on: waiting}
              - {webhook: "http://10.1.2.3:9/hook", secret: "${SECRET}"}
              - {webhook: "https://chat.example/x", kind: slack}
              - {command: [aws, sns, publish, --message, "{text}"], on: [aborted]}
            """, ["HOOK": Self.url, "SECRET": Self.token]
        ).notify
        #expect(notify.leftOut.isEmpty)
        #expect(
            notify.targets.map(\.name) == [
                "the Slack webhook at hooks.slack.com", "the Discord webhook at discord.com",
                "the webhook at 10.1.2.3", "the Slack webhook at chat.example", "the command aws",
            ])
        #expect(
            notify.targets.map(\.events) == [
                [.promoted, .rolledBack], [.waiting], Self.all, Self.all, [.aborted],
            ])
        guard case .webhook(let webhook) = notify.targets[2].destination else {
            Issue.record("no webhook")
            return
        }
        #expect(webhook.kind == .generic(signedWith: Secret(Self.token)))
    }

    @Test("An empty variable leaves its target out, and nothing else", arguments: ["", "  "])
    func leftOut(_ value: String) throws {
        let notify = try parse(
            """
            notify:
              - {webhook: "${HOOK}", secret: "${SECRET:-}"}
              - {command: [true]}
            """, ["HOOK": value]
        ).notify
        #expect(notify.leftOut == ["notify[0].webhook"])
        #expect(notify.targets.map(\.name) == ["the command true"])
    }

    @Test("A mistake says what is wrong and where", arguments: mistaken)
    func mistake(_ notify: String, _ expected: String) {
        let found = mistakes(Self.head + "notify: " + notify, ["EMPTY": ""])
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
        #expect(found.first?.hasPrefix("teal.yml:3:") == true, "\(found)")
    }

    static let mistaken = [
        ("https://hooks.slack.com/x", "notify must be a list, as in `notify: [{webhook:"),
        ("{webhook: https://a.example}", "notify must be a list"),
        ("[https://a.example]", "notify[0] must be a mapping"),
        ("[{on: [promoted]}]", "notify[0] must have exactly one of webhook and command"),
        ("[{webhook: https://a.example, command: [x]}]", "exactly one of webhook and command"),
        ("[{webhook: https://a.example, from: x}]", "notify[0] knows webhook, kind, secret"),
        ("[{webhok: https://a.example, command: [x]}]", "did you mean \"webhook\"?"),
        ("[{webhook: }]", "notify[0].webhook must be a URL"),
        ("[{webhook: [a]}]", "notify[0].webhook must be a URL"),
        ("[{webhook: \"${UNSET_HOOK}\"}]", "the environment variable UNSET_HOOK is not set"),
        ("[{webhook: hooks.slack.com/x}]", "neither https:// nor http://"),
        ("[{webhook: \"https://a.example/\\r\\nX: y\"}]", "not a URL with a host name"),
        ("[{webhook: \"http://a.example/\"}]", "give its https:// address"),
        ("[{webhook: https://a.example, kind: teams}]", "one of slack, discord, generic"),
        ("[{webhook: https://hooks.slack.com/x, secret: abc}]", "has no meaning for the Slack"),
        ("[{webhook: https://a.example, kind: slack, secret: abc}]", "say `kind: generic`"),
        ("[{webhook: https://a.example, secret: \"${EMPTY}\"}]", "notify[0].secret is empty"),
        ("[{webhook: https://a.example, secret: }]", "notify[0].secret must be a text"),
        ("[{webhook: https://a.example, on: []}]", "names no event"),
        ("[{webhook: https://a.example, on: [promotd]}]", "one of promoted, aborted, rolled_back"),
        ("[{webhook: https://a.example, on: {}}]", "must be one of promoted"),
        ("[{command: aws sns publish}]", "must be a list, the program first"),
        ("[{command: []}]", "must be a list, the program first"),
        ("[{command: [x, {text}]}]", "notify[0].command[1] must be a text in quotes"),
        ("[{command: [x, \"${EMPTY}\"]}]", "notify[0].command[1] is empty or holds a NUL"),
        ("[{command: [\"x\\0y\"]}]", "is empty or holds a NUL"),
        ("[{command: [bin/tell]}]", "an absolute path"),
        ("[{command: [x], kind: slack}]", "notify[0].kind has no meaning beside a command"),
        ("[{command: [x], secret: y}]", "notify[0].secret has no meaning beside a command"),
    ]

    @Test(
        "An event that nothing sends yet is refused by its name",
        arguments: ["maintenance_on", "maintenance_off"])
    func later(_ event: String) {
        let found = mistakes(
            Self.head + "notify: [{webhook: https://a.example, on: [\(event)]}]")
        #expect(found.count == 1, "\(found)")
        #expect(
            found.first?.contains(
                "must be one of promoted, aborted, rolled_back, unknown, waiting, unhealthy, "
                    + "recovered, restarted, circuit_open")
                == true, "\(found)")
    }

    @Test(
        "No mistake shows an address, a secret or an argument, wherever it was written",
        arguments: [
            "XXtokenXX", "[XXtokenXX]", "[{webhook: XXtokenXX}]", "[{webhook: [XXtokenXX]}]",
            "[{webhook: \"ftp://XXtokenXX\"}]", "[{webhook: \"http://a.example/XXtokenXX\"}]",
            "[{webhook: \"${HOOK}x y\"}]", "[{webhook: \"${HOOK:XXtokenXX}\"}]",
            "[{webhook: \"https://hooks.slack.com/x\", "
                + "secret: XXtokenXX}]", "[{command: XXtokenXX}]", "[{command: [a/XXtokenXX]}]",
            "[{command: [x, [XXtokenXX]]}]", "[{webhook: \"${HOOK}\", command: [XXtokenXX]}]",
        ])
    func unquoted(_ notify: String) {
        let found = mistakes(Self.head + "notify: " + notify, ["HOOK": Self.url])
        #expect(!found.isEmpty)
        #expect(!found.joined().contains(Self.token), "\(found)")
    }

    @Test("A configuration's description and its dump show no secret")
    func description() throws {
        let configuration = try parse(
            """
            notify:
              - {webhook: "${HOOK}"}
              - {webhook: "https://a.example/", secret: "${SECRET}"}
              - {command: [aws, "${SECRET}"]}
            """, ["HOOK": Self.url, "SECRET": Self.token])
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains(Self.token))
        }
    }

    private static let head = "app: shop\nservices: {web: {port: 80}}\n"

    private func parse(
        _ lines: String, _ environment: [String: String] = [:]
    ) throws -> AppConfiguration {
        try AppConfiguration(
            yaml: Self.head + lines, file: "teal.yml", environment: environment)
    }
}
