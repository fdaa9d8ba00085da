import BlueGreen
import Crypto
import FoundationEssentials
import HostSystem

/// A message to a webhook: header fields and a JSON body.
struct WebhookMessage: Hashable {
    let fields: [String: String]
    let body: [UInt8]

    /// - Parameter now: the moment of the post, which is signed too.
    init(_ words: PrintableNotice, for kind: WebhookKind, at now: Timestamp) throws {
        var fields = ["Content-Type": "application/json", "User-Agent": "teal"]
        switch kind {
        case .slack:
            let text = Self.withoutMentions(Self.escapedForSlack(words.text))
            body = try Self.json(Slack(text: text))
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

    /// Mattermost and Rocket.Chat wake everybody for a plain `@all`, and one person for a plain
    /// `@name`. A character without a width behind the sign takes that from it.
    private static func withoutMentions(_ text: String) -> String {
        var result = ""
        for character in text {
            // An address, `who@example.net`, names nobody there.
            let isInWord = result.last.map { $0.isLetter || $0.isNumber } ?? false
            result.append(character)
            if character == "@", !isInWord { result.append("\u{200B}") }
        }
        return result
    }

    private static func json(_ document: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(document))
    }
}

/// Proves the author and the moment of a notice to its receiver.
///
/// The HMAC-SHA256, keyed with the secret's UTF-8 bytes, of these bytes: the header
/// `X-Teal-Timestamp` as it stands (seconds since 1970, in decimal), a full stop, the body as it
/// came. A receiver makes the same, compares it in constant time with `X-Teal-Signature`, and
/// refuses a timestamp that is more than some minutes old. A repeated attempt has a timestamp and
/// a signature of its own, and the same body.
enum NoticeSignature {
    /// `sha256=` and 64 hexadecimal digits.
    static func header(timestamp: String, body: [UInt8], secret: Secret<String>) -> String {
        "sha256=" + hexadecimal(of: Array("\(timestamp).".utf8) + body, key: secret.value)
    }

    static func hexadecimal(of bytes: [UInt8], key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: bytes, using: SymmetricKey(data: Array(key.utf8)))
        return code.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

/// The body for a generic webhook. Keys are in snake case; moments are RFC 3339 in UTC,
/// durations whole milliseconds; a key without a value is left out. Keys are only ever added.
struct NoticeDocument: Encodable {
    private let formatVersion = 1
    private let event: String
    private let app: String
    private let host: String
    private let at: String
    /// `deploy`, `warm_rollback`, `cold_rollback`.
    private let kind: String?
    /// What was found unhealthy, `web-1`.
    private let about: String?
    private let colour: String?
    private let release: String?
    private let label: String?
    private let previousRelease: String?
    private let reason: String?
    /// A command line.
    private let next: String?
    /// A command line.
    private let otherwise: String?
    private let until: String?
    private let previewUrl: String?
    private let durationMilliseconds: Int64?
    private let subject: String
    private let text: String

    init(_ words: PrintableNotice) {
        let notice = words.notice
        event = notice.event.rawValue
        app = words.app
        host = words.host
        at = notice.at.rfc3339
        kind = notice.kind.map(Self.word)
        about = words.about
        colour = notice.colour?.rawValue
        release = notice.release?.text
        label = words.label
        previousRelease = notice.previousRelease?.text
        reason = words.reason
        next = words.next
        otherwise = words.otherwise
        until = notice.until?.rfc3339
        previewUrl = words.preview
        durationMilliseconds = notice.took?.wholeMilliseconds
        subject = words.subject
        text = words.text
    }

    /// As in the documents of `--json`.
    private static func word(_ kind: DeploymentKind) -> String {
        switch kind {
        case .deploy: "deploy"
        case .warmRollback: "warm_rollback"
        case .coldRollback: "cold_rollback"
        }
    }
}
