import BlueGreen
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Serves the page, its events and its API.
package struct Dashboard: Sendable {
    let settings: DashboardSettings
    let tokens: TokenFile
    let source: any DashboardSource
    let looks: LookCache
    let hub: EventHub
    let sessions = Sessions()
    let wrongTokens = WrongTokens()
    let spentForms = SpentForms()
    let hosts: HostList
    let patience: Patience

    static let mostConnections = 600
    /// Of a form.
    static let longestBody = 4096

    package init(
        _ settings: DashboardSettings, tokens: TokenFile, source: any DashboardSource,
        patience: Patience = Patience()
    ) {
        self.settings = settings
        self.tokens = tokens
        self.source = source
        self.patience = patience
        let looks = LookCache(source)
        self.looks = looks
        hub = EventHub(looks) { topic, found in Self.message(topic, found) }
        hosts = HostList(settings)
    }

    /// Until it is cancelled.
    ///
    /// - Parameter onListening: gets the port of a loopback address.
    /// - Throws: where the address cannot be had.
    package func run(onListening: @escaping @Sendable (Int?) -> Void) async throws {
        // It tells nobody of single requests; the watch's own log tells of the rest.
        let logger = Logger(label: "teal.page") { _ in SwiftLogNoOpLogHandler() }
        let address: BindAddress =
            switch settings.address {
            case .loopback(let host, let port): .hostname(host, port: port)
            case .unixSocket(let path): .unixDomainSocket(path: path)
            }
        let socket: String? =
            if case .unixSocket(let path) = settings.address { path } else { nil }
        let application = Application(
            responder: responder(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ReceivingBound(patience.receiving)],
                    idleTimeout: .seconds(60),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384,
                        maxHeaderFieldCount: 100))),
            configuration: .init(
                address: address, backlog: 128,
                availableConnectionsDelegate: .maximum(Self.mostConnections, logger: logger)),
            onServerRunning: { channel in
                // Its group may be nginx's: systemd's UMask leaves it to the owner until here.
                if let socket { _ = chmod(socket, 0o660) }
                onListening(channel.localAddress?.port)
            }, logger: logger)
        let keeping = Task { await looks.keep() }
        defer { keeping.cancel() }
        try await application.run()
    }

    /// The news of a topic as an event.
    static func message(_ topic: EventHub.Topic, _ looks: [AppLook]) -> String {
        switch topic.form {
        case .documents:
            looks.map { ServerSentEvent.text("status", $0.status) }.joined()
        case .page(let mayAct):
            if topic.app != nil {
                looks.first.map {
                    ServerSentEvent.text(
                        "page", Templates.render("look", PageModels.Look($0, mayAct: mayAct)))
                } ?? ""
            } else {
                ServerSentEvent.text("page", Templates.render("list", PageModels.List(looks)))
            }
        }
    }
}

/// A request with the address that it comes from.
struct PageContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        // A proxy's headers are never asked: anybody can send them.
        address = source.channel.remoteAddress?.ipAddress ?? "socket"
        channel = source.channel
    }
}
