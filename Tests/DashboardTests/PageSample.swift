import BlueGreen
import Dashboard
import HostSystem
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// A page of a host with the app `shop`, really served on loopback.
struct PageSample: Sendable {
    let port: Int
    let source: SampleSource
    let tokens: TokenFile

    /// Serves the page while the body runs.
    static func served(
        _ source: SampleSource = SampleSource(), reading: DashboardSettings.Reading = .token,
        hosts: [String] = [], badges: Bool = false, patience: Patience = Patience(),
        _ body: (PageSample) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let tokens = TokenFile(path: folder.path + "/tokens.json")
        var settings = DashboardSettings(.loopback(host: "127.0.0.1", port: 0))
        settings.reading = reading
        settings.hosts = hosts
        settings.showsBadges = badges
        let dashboard = Dashboard(
            settings, tokens: tokens, source: source, patience: patience)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let serving = Task {
            try await dashboard.run { port in
                if let port { found.yield(port) }
                found.finish()
            }
        }
        defer { serving.cancel() }
        var port = 0
        for await value in ports { port = value }
        try await body(PageSample(port: port, source: source, tokens: tokens))
    }

    /// Sends the text as it is, and reads until the other side closes.
    func raw(_ text: String) async throws -> String {
        try await raw(Array(text.utf8))
    }

    func raw(_ bytes: [UInt8]) async throws -> String {
        let channel = try await connected()
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            // A request that is never completed is over with this.
            outbound.finish()
            var all = ByteBuffer()
            do {
                for try await part in inbound { all.writeImmutableBuffer(part) }
            } catch is IOError {
                // It was reset; what came before counts.
            }
            return String(buffer: all)
        }
    }

    func connected() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
    }

    func request(
        _ method: String = "GET", _ path: String, host: String? = nil,
        _ fields: [String: String] = [:], body: String = ""
    ) async throws -> PageAnswer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? origin.dropFirst(7).description)"
        head += "\r\nConnection: close\r\n"
        if !body.isEmpty {
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += "Content-Length: \(body.utf8.count)\r\n"
        }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        return PageAnswer(try await raw(head + "\r\n" + body))
    }

    var origin: String { "http://127.0.0.1:\(port)" }

    /// A new token that may act, or only read.
    func token(_ rights: AccessToken.Rights, expiresAt: Timestamp? = nil) throws -> String {
        try tokens.create(name: nil, rights, expiresAt: expiresAt, at: source.now).secret
    }

    /// Logs in as a browser does.
    ///
    /// - Returns: the Cookie header.
    func session(_ rights: AccessToken.Rights) async throws -> String {
        let answer = try await request(
            "POST", "/login", ["Origin": origin], body: "token=\(try token(rights))")
        let cookie = answer.fields["set-cookie"] ?? ""
        return String(cookie.prefix { $0 != ";" })
    }
}

/// An answer of the page in its parts.
struct PageAnswer {
    let status: Int
    let fields: [String: String]
    let body: String

    init(_ text: String) {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        let lines = (parts.first ?? "").split(separator: "\r\n")
        status =
            (lines.first?.split(separator: " ")).flatMap { Int($0.dropFirst().first ?? "") } ?? 0
        fields = Dictionary(
            lines.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map {
                    (
                        line[..<$0].lowercased(),
                        String(line[line.index(after: $0)...].drop { $0 == " " })
                    )
                }
            }
        ) { $0 + "," + $1 }
        body = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The hidden fields of its form, but for the log-out's, as a browser sends them.
    var form: [String: String] {
        let main = body.firstRange(of: "<main").map { body[$0.lowerBound...] } ?? ""
        let parts = main.split(separator: "<input type=\"hidden\" name=\"").dropFirst()
        return Dictionary(
            parts.compactMap { part in
                let texts = part.split(separator: "\"", omittingEmptySubsequences: false)
                return texts.count > 2 ? (String(texts[0]), String(texts[2])) : nil
            }
        ) { $1 }
    }

    var secret: String { form["secret"] ?? "" }

    /// The form as a browser sends it, with other values in place of its own.
    func filled(_ others: [String: String] = [:]) -> String {
        form.merging(others) { $1 }.map { "\($0)=\($1.replacing(" ", with: "+"))" }
            .joined(separator: "&")
    }
}

/// The apps of a host as a test says they are.
final class SampleSource: DashboardSource {
    private struct State {
        var looks: [String: AppLook] = [:]
        var stamp = 0
        var begun: [String] = []
        var looked = 0
        var underWay = 0
        var mostUnderWay = 0
        var now = Timestamp(milliseconds: 1_800_000_000_000)
    }

    private let state: Mutex<State>
    let refusal: String?

    init(_ looks: [AppLook] = [SampleSource.shop()], refusal: String? = nil) {
        state = Mutex(State(looks: Dictionary(looks.map { ($0.app, $0) }) { $1 }))
        self.refusal = refusal
    }

    var now: Timestamp { state.withLock(\.now) }
    var begun: [String] { state.withLock(\.begun) }
    var looked: Int { state.withLock(\.looked) }
    var mostUnderWay: Int { state.withLock(\.mostUnderWay) }

    func pass(_ time: Duration) {
        state.withLock { $0.now = $0.now + time }
    }

    func change(_ look: AppLook) {
        state.withLock {
            $0.looks[look.app] = look
            $0.stamp += 1
        }
    }

    func apps() throws -> [String] { state.withLock { $0.looks.keys.sorted() } }

    func stamp(of app: String) -> Int { state.withLock(\.stamp) }

    func look(at app: String) async throws -> AppLook {
        state.withLock {
            $0.looked += 1
            $0.underWay += 1
            $0.mostUnderWay = max($0.mostUnderWay, $0.underWay)
        }
        await Task.yield()
        return try state.withLock {
            $0.underWay -= 1
            guard let look = $0.looks[app] else { throw SampleFailure() }
            return look
        }
    }

    func document(_ kind: DashboardDocument, of app: String) async throws -> String {
        "{\"kind\": \"\(kind.rawValue)\"}"
    }

    func metrics() async -> String { "teal_build_info 1\n" }

    func begin(_ act: DashboardAct, of app: String, asker: String) async throws {
        if refusal != nil { throw SampleFailure(description: refusal ?? "") }
        let replica = [act.service, act.replica.map { "\($0)" }].compactMap(\.self)
        state.withLock {
            $0.begun.append(([asker, act.kind.rawValue, app] + replica).joined(separator: " "))
        }
    }

    static func shop(_ sentence: String = "shop is well: green, v1.") -> AppLook {
        var look = AppLook(app: "shop")
        look.sentence = sentence
        look.offers = [
            AppLook.Offer(
                .rollback, label: "Roll back to v0", consequence: "Moves the traffic.",
                subject: "warm 7")
        ]
        look.replicas = ["web-1", "web-2"].enumerated().map { index, name in
            AppLook.Replica(
                name: name, service: "web", index: index + 1, state: "healthy", isBad: false,
                spans: [AppLook.Span(from: 90, to: 96, kind: .well)], canRestart: true)
        }
        look.status = "{\"app\": \"shop\"}"
        return look
    }
}

struct SampleFailure: Error, CustomStringConvertible {
    var description = "it failed"
}
