/// A receiver of notices, and the events that it wants.
package struct NoticeTarget: Hashable, Sendable {
    package enum Destination: Hashable, Sendable {
        case webhook(Webhook)
        case command(NoticeCommand)
    }

    package let destination: Destination
    package let events: Set<NoticeEvent>

    package init(_ destination: Destination, for events: Set<NoticeEvent>) {
        self.destination = destination
        self.events = events
    }

    /// As a sentence can name it, without its secret parts.
    package var name: String {
        switch destination {
        case .webhook(let webhook): webhook.name
        case .command(let command): command.name
        }
    }
}
