import BlueGreen

/// Tells all clients what changes: one look at the host for all of them, once a second at most, and
/// none while nobody listens.
actor EventHub {
    /// The form in which a client wants the news.
    struct Topic: Hashable, Sendable {
        enum Form: Hashable, Sendable {
            /// The documents of status.
            case documents
            /// The page's live part.
            case page(mayAct: Bool)
        }

        /// nil for all apps.
        let app: String?
        let form: Form

        /// The list of all apps has no more than the sentences.
        var extent: LookCache.Extent { app == nil && form != .documents ? .brief : .whole }
    }

    private struct Client {
        let topic: Topic
        let continuation: AsyncStream<String>.Continuation
        var last: String?
    }

    static let mostClients = 500
    /// A client that is so many messages behind is dropped; it may come again.
    private static let mostWaiting = 4
    private static let pace = Duration.seconds(1)
    private static let pulse = Duration.seconds(15)

    private let looks: LookCache
    private let render: @Sendable (Topic, [AppLook]) -> String
    private var clients: [Int: Client] = [:]
    private var next = 0
    private var ticking: Task<Void, Never>?
    private var spoke = ContinuousClock.now

    init(_ looks: LookCache, render: @escaping @Sendable (Topic, [AppLook]) -> String) {
        self.looks = looks
        self.render = render
    }

    /// - Returns: nil where there are too many clients.
    func join(_ topic: Topic) -> (id: Int, messages: AsyncStream<String>)? {
        guard clients.count < Self.mostClients else { return nil }
        let (stream, continuation) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.mostWaiting))
        next += 1
        clients[next] = Client(topic: topic, continuation: continuation)
        if ticking == nil { ticking = Task { await tick() } }
        return (next, stream)
    }

    func leave(_ id: Int) {
        clients.removeValue(forKey: id)?.continuation.finish()
        if clients.isEmpty {
            ticking?.cancel()
            ticking = nil
        }
    }

    var count: Int { clients.count }

    private func tick() async {
        while !Task.isCancelled {
            await tell()
            // A cancelled sleep ends the loop at its head.
            try? await Task.sleep(for: Self.pace)
        }
    }

    private func tell() async {
        let topics = Set(clients.values.map(\.topic))
        var texts: [Topic: String] = [:]
        for topic in topics {
            let looked = await looks.looks(
                at: topic.app, topic.app == nil ? .host : .live, topic.extent)
            texts[topic] = render(topic, looked)
        }
        let isPulse = ContinuousClock.now - spoke > Self.pulse
        if isPulse { spoke = .now }
        for (id, client) in clients {
            guard let text = texts[client.topic] else { continue }
            if text != client.last {
                clients[id]?.last = text
                send(text, to: id, client)
            } else if isPulse {
                send(": still here\n\n", to: id, client)
            }
        }
    }

    private func send(_ text: String, to id: Int, _ client: Client) {
        switch client.continuation.yield(text) {
        case .enqueued: break
        case .dropped, .terminated: leave(id)
        @unknown default: leave(id)
        }
    }
}

/// A message of server-sent events.
enum ServerSentEvent {
    static func text(_ event: String, _ data: String) -> String {
        let lines = data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return "event: \(event)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
}
