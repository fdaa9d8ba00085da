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
