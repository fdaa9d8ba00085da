import FoundationEssentials
import Glibc
import HostSystem

/// A place on the network that takes notices.
package struct Webhook: Hashable, Sendable {
    package let kind: WebhookKind
    package let address: WebhookAddress

    package init(_ kind: WebhookKind, at address: WebhookAddress) {
        self.kind = kind
        self.address = address
    }

    /// With its host only: path and query may be secret.
    package var name: String {
        switch kind {
        case .slack: "the Slack webhook at \(address.host)"
        case .discord: "the Discord webhook at \(address.host)"
        case .generic: "the webhook at \(address.host)"
        }
    }

    var redaction: Redaction {
        switch kind {
        case .slack, .discord, .generic(signedWith: nil):
            Redaction(of: address.secrets)
        case .generic(signedWith: let secret?):
            Redaction(of: address.secrets + [secret.value])
        }
    }
}

/// The kind of message that a webhook understands.
package enum WebhookKind: Hashable, Sendable {
    /// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; Mattermost and
    /// Rocket.Chat take the same.
    case slack
    /// https://docs.discord.com/developers/resources/webhook#execute-webhook
    case discord
    /// Teal's own document, signed where there is a secret.
    case generic(signedWith: Secret<String>?)

    /// The most likely kind of an address, for a user who did not name one.
    package static func usual(
        at address: WebhookAddress, signedWith secret: Secret<String>? = nil
    ) -> WebhookKind {
        switch address.host.lowercased() {
        case "hooks.slack.com", "hooks.slack-gov.com": .slack
        case "discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com": .discord
        default: .generic(signedWith: secret)
        }
    }
}

/// Where a webhook is. All of it but the host may be the secret that lets one post there.
package struct WebhookAddress: Hashable, Sendable {
    /// Without user, port, path and query: `hooks.slack.com`.
    package let host: String
    let url: Secret<String>
    /// From `https://user:password@host`.
    let logIn: Secret<LogIn>?

    struct LogIn: Hashable, Sendable {
        let user: String
        let password: String
    }

    /// White space around the text, as a variable of the environment may have, is dropped. Without
    /// encryption it must be on this host or in a private network.
    package init(_ text: String) throws(NoticesError) {
        let text = text.trimmed
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = URL(string: text)
        else { throw .noAddress }
        guard let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http" else {
            throw .scheme
        }
        guard let host = url.host(), !host.isEmpty else { throw .noAddress }
        if scheme == "http", !Self.isNear(host) { throw .notEncrypted }
        self.host = host
        self.url = Secret(text)
        logIn = url.user(percentEncoded: false).map { user in
            Secret(LogIn(user: user, password: url.password(percentEncoded: false) ?? ""))
        }
    }

    /// Whether it is `localhost`, or a numeric address of loopback, of RFC 1918 or of RFC 4193. A
    /// name could come to mean any host.
    private static func isNear(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            let address = UInt32(bigEndian: four.s_addr)
            return address >> 24 == 127 || address >> 24 == 10 || address >> 20 == 0xAC1
                || address >> 16 == 0xC0A8
        }
        var six = in6_addr()
        let plain = String(host.filter { $0 != "[" && $0 != "]" })
        guard inet_pton(AF_INET6, plain, &six) == 1 else { return false }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        return bytes[0] & 0xFE == 0xFC || bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// The whole and every part of it that could be a token, in each form in which a server may
    /// repeat it.
    var secrets: [String] {
        let rest = url.value.split(separator: "//", maxSplits: 1).last ?? ""
        let parts = Self.parts(of: String(rest))
        let parsed = URL(string: url.value)
        let decoded = [
            parsed?.path(percentEncoded: false), parsed?.query(percentEncoded: false),
        ].compactMap(\.self).flatMap { Self.parts(of: $0) }
        return [url.value]
            + (parts + decoded + logInParts).filter { $0.utf8.count >= 4 && $0 != host }
    }

    private static func parts(of text: String) -> [String] {
        text.split(whereSeparator: { "/?&=:@#".contains($0) }).map(String.init)
    }

    /// The last part stands in the request's `Authorization`.
    private var logInParts: [String] {
        guard let logIn = logIn?.value else { return [] }
        let pair = Data("\(logIn.user):\(logIn.password)".utf8)
        return [logIn.user, logIn.password, pair.base64EncodedString()]
    }
}
