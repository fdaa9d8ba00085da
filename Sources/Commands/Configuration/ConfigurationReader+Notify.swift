import Notices
import Yams

/// The targets that are told how deployments end and what the watch finds, as `notify` in `teal.yml` names them.
struct NotifySettings: Hashable, Sendable {
    var targets: [NoticeTarget] = []
    /// Of `watch`.
    var heartbeat: Heartbeat?
    /// The paths of webhooks, and of a heartbeat, whose address came out empty, `notify[0].webhook`.
    var leftOut: [String] = []
}

/// Addresses, secrets and arguments may be written into the file itself, so no mistake quotes them.
extension ConfigurationReader {
    static let notifySection = Section<Void>(
        "", showing: ["webhook"],
        [
            Key("webhook", "\"${SLACK_WEBHOOK}\""), Key("kind", "slack"),
            Key("secret", "\"${HOOK_SECRET}\""), Key("command", "[logger, \"{text}\"]"),
            Key("on", "[promoted, aborted]"),
        ])
    private static let webhookExample = "webhook: \"${SLACK_WEBHOOK}\""
    private static let commandExample = "command: [logger, \"{text}\"]"

    mutating func notify(_ field: Field) -> NotifySettings {
        var settings = NotifySettings()
        guard !isEmpty(field) else { return settings }
        guard case .sequence(let nodes) = field.node else {
            note("notify must be a list, as in `notify: [{\(Self.webhookExample)}]`", at: field)
            return settings
        }
        for (index, node) in nodes.enumerated() {
            target(Field(path: "\(field.path)[\(index)]", node: node), &settings)
        }
        return settings
    }

    private mutating func target(_ field: Field, _ settings: inout NotifySettings) {
        var nothing: Void = ()
        guard case .mapping = field.node,
            let entries = read(field, Self.notifySection, into: &nothing)
        else {
            note("\(field.path) must be a mapping, as in `{\(Self.webhookExample)}`", at: field)
            return
        }
        let events = events(entries["on"])
        let destination: NoticeTarget.Destination?
        switch (entries["webhook"], entries["command"]) {
        case (let field?, nil):
            destination = webhook(field, entries, &settings)
        case (nil, let field?):
            destination = command(field, entries)
        case (nil, nil), (_?, _?):
            note(
                "\(field.path) must have exactly one of webhook and command, as in "
                    + "`{\(Self.webhookExample)}`", at: field)
            return
        }
        if let destination { settings.targets.append(NoticeTarget(destination, for: events)) }
    }

    // MARK: Events

    /// The events that are sent. The raw values are those of `NoticeEvent`.
    private enum EventWord: String, CaseIterable {
        case promoted
        case aborted
        case rolledBack = "rolled_back"
        case unknown
        case waiting
        case unhealthy
        case recovered
        case restarted
        case circuitOpen = "circuit_open"

        var event: NoticeEvent {
            switch self {
            case .promoted: .promoted
            case .aborted: .aborted
            case .rolledBack: .rolledBack
            case .unknown: .unknown
            case .waiting: .waiting
            case .unhealthy: .unhealthy
            case .recovered: .recovered
            case .restarted: .restarted
            case .circuitOpen: .circuitOpen
            }
        }
    }

    /// All of them if none is named.
    private mutating func events(_ field: Field?) -> Set<NoticeEvent> {
        let example = "on: [promoted, aborted]"
        let all = Set(EventWord.allCases.map(\.event))
        guard let field else { return all }
        var fields = [field]
        if case .sequence(let nodes) = field.node {
            fields = nodes.enumerated().map { index, node in
                Field(path: "\(field.path)[\(index)]", node: node)
            }
        }
        if fields.isEmpty {
            note(
                "\(field.path) names no event: leave it out for all, or say `\(example)`", at: field
            )
        }
        return Set(
            fields.compactMap { word($0, as: EventWord.self, example: example)?.event })
    }

    // MARK: Webhooks

    private enum KindWord: String, CaseIterable {
        case slack
        case discord
        case generic

        func kind(signedWith secret: Secret<String>?) -> WebhookKind {
            switch self {
            case .slack: .slack
            case .discord: .discord
            case .generic: .generic(signedWith: secret)
            }
        }
    }

    private mutating func webhook(
        _ field: Field, _ entries: [String: Field], _ settings: inout NotifySettings
    ) -> NoticeTarget.Destination? {
        let kind = word(entries["kind"], as: KindWord.self, example: "kind: slack")
        let secret = entries["secret"].flatMap {
            secretText(of: $0, "a text", example: "secret: \"${HOOK_SECRET}\"")
        }
        guard let text = secretText(of: field, "a URL", example: Self.webhookExample) else {
            return nil
        }
        if text.allSatisfy(\.isWhitespace) {
            settings.leftOut.append(field.path)
            return nil
        }
        let address: WebhookAddress
        do throws(NoticesError) {
            address = try WebhookAddress(text)
        } catch {
            note("\(field.path): \(error)", at: field)
            return nil
        }
        let signing = secret.map { Secret($0) }
        let webhook = Webhook(
            kind.map { $0.kind(signedWith: signing) }
                ?? .usual(at: address, signedWith: signing), at: address)
        if let field = entries["secret"] { judge(secret, of: webhook, at: field) }
        return .webhook(webhook)
    }

    /// A target with a secret must not get notices without a signature.
    private mutating func judge(_ secret: String?, of webhook: Webhook, at field: Field) {
        switch webhook.kind {
        case .slack, .discord:
            note(
                "\(field.path) has no meaning for \(webhook.name), which takes no signature: "
                    + "remove it, or say `kind: generic`", at: field)
        case .generic where secret?.isEmpty ?? false:
            note(
                "\(field.path) is empty: set its variable, or remove the key for notices without "
                    + "a signature", at: field)
        case .generic: break
        }
    }

    // MARK: Commands

    /// A list only, as for a health check: Teal runs no shell.
    private mutating func command(
        _ field: Field, _ entries: [String: Field]
    ) -> NoticeTarget.Destination? {
        for key in ["kind", "secret"] {
            guard let stranger = entries[key] else { continue }
            note("\(stranger.path) has no meaning beside a command: remove it", at: stranger)
        }
        guard case .sequence(let nodes) = field.node, !nodes.isEmpty else {
            note(
                "\(field.path) must be a list, the program first, as in `\(Self.commandExample)`",
                at: field)
            return nil
        }
        let words = nodes.enumerated().map { index, node in
            commandWord(Field(path: "\(field.path)[\(index)]", node: node))
        }
        guard !words.contains(nil) else { return nil }
        if let program = words.first ?? nil, program.contains("/"), !program.hasPrefix("/") {
            note(
                "\(field.path)[0] must be a program's name, which is looked for in PATH, or an "
                    + "absolute path", at: field)
        }
        do throws(NoticesError) {
            return .command(try NoticeCommand(words.compactMap { $0 }))
        } catch {
            note("\(field.path): \(error)", at: field)
            return nil
        }
    }

    private mutating func commandWord(_ field: Field) -> String? {
        let what = "a text in quotes"
        guard let text = secretText(of: field, what, example: Self.commandExample) else {
            return nil
        }
        if text.isEmpty || text.contains("\0") {
            note("\(field.path) is empty or holds a NUL: no program can be given that", at: field)
            return nil
        }
        return text
    }
}
