/// What a webhook understands.
package enum WebhookKind: Hashable, Sendable {
    /// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; Mattermost and
    /// Rocket.Chat take the same.
    case slack
    /// https://docs.discord.com/developers/resources/webhook#execute-webhook
    case discord
    /// Teal's own document, signed where there is a secret.
    case generic(signedWith: Secret<String>?)

    /// What an address most likely is, where the user did not say so.
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
