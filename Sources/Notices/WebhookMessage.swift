import BlueGreen
import FoundationEssentials
import HostSystem

/// What is posted to a webhook: header fields and a JSON body.
struct WebhookMessage: Hashable {
    let fields: [String: String]
    let body: [UInt8]

    /// - Parameter now: when it is posted; part of what is signed.
    init(_ words: NoticeWords, for kind: WebhookKind, at now: Timestamp) throws {
        var fields = ["Content-Type": "application/json", "User-Agent": "teal"]
        switch kind {
        case .slack:
            body = try Self.json(Slack(text: Self.escapedForSlack(words.text)))
        case .discord:
            body = try Self.json(Discord(content: words.text))
        case .generic(signedWith: let secret):
            let body = try Self.json(NoticeDocument(words))
            self.body = body
            let timestamp = String(now.milliseconds / 1000)
            fields["X-Teal-Event"] = words.notice.event.rawValue
            fields["X-Teal-Timestamp"] = timestamp
            fields["X-Teal-Signature"] = secret.map {
                NoticeSignature.header(timestamp: timestamp, body: body, secret: $0)
            }
        }
        self.fields = fields
    }

    private struct Slack: Encodable {
        let text: String
    }

    private struct Discord: Encodable {
        struct Mentions: Encodable { let parse: [String] }

        let content: String
        /// Nobody: a text from an application must not wake a whole server.
        let allowedMentions = Mentions(parse: [])

        /// Discord takes 2,000 characters, which are never more than so many bytes.
        init(content: String) {
            self.content =
                content.utf8.count <= 2000
                ? content : PrintableText(content).cut(toBytes: 2000)
        }
    }

    /// The three characters that Slack's own marks are made of, and no others.
    /// https://docs.slack.dev/messaging/formatting-message-text#escaping
    private static func escapedForSlack(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    private static func json(_ document: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(document))
    }
}
