import TestSupport
import Testing

@testable import Notices

@Suite("Secrets of targets")
struct NoticeSecrecyTests {
    private static let token = "XXtokenXX"
    private static let url = "https://me:\(token)@hooks.slack.com/services/\(token)?key=\(token)"

    private func targets() throws -> [NoticeTarget] {
        [
            try .webhook(.slack, Self.url),
            try .webhook(.discord, Self.url),
            try .webhook(.generic(signedWith: Secret(Self.token)), Self.url),
            NoticeTarget(
                .command(try NoticeCommand(["curl", Self.token, "--token=\(Self.token)"])),
                for: [.aborted]),
        ]
    }

    @Test("No description, no dump and no mirror shows a secret")
    func descriptions() throws {
        for target in try targets() {
            var dumped = ""
            dump(target, to: &dumped)
            let texts = [
                "\(target)", String(describing: target), String(reflecting: target), dumped,
                target.name, "\(target.destination)", leaves(of: target).joined(separator: " "),
            ]
            for text in texts { #expect(!text.contains(Self.token)) }
        }
    }

    @Test("A target is named by its kind and host")
    func names() throws {
        #expect(
            try targets().map(\.name) == [
                "the Slack webhook at hooks.slack.com", "the Discord webhook at hooks.slack.com",
                "the webhook at hooks.slack.com", "the command curl",
            ])
    }

    @Test("A refused address is not quoted", arguments: ["ftp://XXtokenXX/", "XXtokenXX", "a b"])
    func refused(text: String) {
        let error = #expect(throws: NoticesError.self) { try WebhookAddress(text) }
        #expect(error.map { !"\($0)".contains(Self.token) } ?? false)
    }

    @Test("The words of a server or a program are shown without secrets")
    func redaction() throws {
        let webhook = Webhook(.slack, at: try WebhookAddress(Self.url))
        #expect(
            webhook.redaction.applied(to: "no \(Self.token)\n at hooks.slack.com")
                == "no [hidden] at hooks.slack.com")
        let command = try NoticeCommand(["curl", "-H", "--token=\(Self.token)"])
        #expect(command.redaction.applied(to: "bad \(Self.token)") == "bad [hidden]")
        let bearer = try NoticeCommand(["curl", "-H", "Authorization: Bearer \(Self.token)"])
        #expect(bearer.redaction.applied(to: "bad \(Self.token)") == "bad [hidden]")
    }

    @Test("A secret is hidden in each form in which a request carries it or a server reads it")
    func otherForms() throws {
        let address = try WebhookAddress("https://me:p%40ss%2Fw@shop.example/to%20ken?k=a%2Bbc")
        let redaction = Webhook(.slack, at: address).redaction
        #expect(redaction.applied(to: "no Basic bWU6cEBzcy93 here") == "no Basic [hidden] here")
        #expect(redaction.applied(to: "no /to ken nor a+bc") == "no /[hidden] nor [hidden]")
    }

    @Test("White space around an address is dropped, and its log-in is read")
    func address() throws {
        let address = try WebhookAddress(" http://a%40b:p%20w@[::1]:8080/x\n")
        #expect(address.url.value == "http://a%40b:p%20w@[::1]:8080/x")
        #expect(address.logIn?.value == .init(user: "a@b", password: "p w"))
    }

    @Test(
        "Without encryption nothing leaves the host and its private networks",
        arguments: [
            ("http://localhost:1/", true), ("http://127.8.9.1/", true), ("http://[::1]/", true),
            ("http://10.0.0.1/", true), ("http://172.16.0.1/", true),
            ("http://172.31.255.1/", true), ("http://192.168.1.1/", true),
            ("http://[fd00::1]/", true), ("http://172.32.0.1/", false),
            ("http://169.254.169.254/", false), ("http://8.8.8.8/", false),
            ("http://0x7f.1/", false), ("http://2130706433/", false),
            ("http://[2001:db8::1]/", false), ("http://[::ffff:8.8.8.8]/", false),
            ("http://localhost.example/", false), ("http://me@intranet/", false),
            ("https://8.8.8.8/", true), ("HTTPS://intranet/", true),
        ])
    func encryption(url: String, isTaken: Bool) {
        if isTaken {
            #expect(throws: Never.self) { try WebhookAddress(url) }
        } else {
            #expect(throws: NoticesError.notEncrypted) { try WebhookAddress(url) }
        }
    }

    @Test(
        "An address tells what kind it most likely is",
        arguments: [
            ("https://hooks.slack.com/services/T/B/x", WebhookKind.slack),
            ("https://discord.com/api/webhooks/1/x", .discord),
            ("https://example.org/hook", .generic(signedWith: nil)),
        ])
    func usual(url: String, kind: WebhookKind) throws {
        #expect(WebhookKind.usual(at: try WebhookAddress(url)) == kind)
    }

    /// Every text that can be reached by reflection.
    private func leaves(of value: Any) -> [String] {
        ["\(value)"] + Mirror(reflecting: value).children.flatMap { leaves(of: $0.value) }
    }
}
