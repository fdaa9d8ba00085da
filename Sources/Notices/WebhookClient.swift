import AsyncHTTPClient
import BlueGreen
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Posts messages and sends heartbeats; certificates are verified, redirects not followed, proxies not asked for.
struct WebhookClient: Sendable {
    private let client: HTTPClient

    /// A shorter part of an answer is shown.
    private static let answerLimit = 16 * 1024

    init() {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // Below an attempt's limit, so that its reason is told and not only that time was up.
        configuration.timeout.connect = .seconds(8)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// To be called once, after the last post. Not waited for: what is left of a connection that
    /// was given up may outlive the time that its caller has.
    func end() {
        client.shutdown().whenComplete { _ in }
    }

    /// - Returns: nil where the answer was 2xx. The caller limits the time, by cancelling.
    func post(_ message: WebhookMessage, to webhook: Webhook) async -> DeliveryFailure? {
        var request = HTTPClientRequest(url: webhook.address.url.value)
        request.method = .POST
        for (name, value) in message.fields.sorted(by: { $0.key < $1.key }) {
            request.headers.add(name: name, value: value)
        }
        request.body = .bytes(ByteBuffer(bytes: message.body))
        return await send(request, to: webhook.address, webhook.redaction)
    }

    /// - Returns: nil where the answer was 2xx. The caller limits the time, by cancelling.
    func get(_ address: WebhookAddress) async -> DeliveryFailure? {
        var request = HTTPClientRequest(url: address.url.value)
        request.headers.add(name: "User-Agent", value: "teal")
        return await send(request, to: address, Redaction(of: address.secrets))
    }

    private func send(
        _ request: HTTPClientRequest, to address: WebhookAddress, _ redaction: Redaction
    ) async -> DeliveryFailure? {
        var request = request
        if let logIn = address.logIn?.value {
            request.setBasicAuth(username: logIn.user, password: logIn.password)
        }
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            guard !(200..<300).contains(response.status.code) else { return nil }
            return .answered(
                status: Int(response.status.code),
                text: redaction.applied(to: try await start(of: response.body)),
                retryAfter: retryAfter(response.headers))
        } catch {
            return failure(error, redaction)
        }
    }

    private func start(of body: HTTPClientResponse.Body) async throws -> String {
        var bytes: [UInt8] = []
        for try await part in body {
            bytes += part.readableBytesView.prefix(Self.answerLimit - bytes.count)
            if bytes.count >= Self.answerLimit { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// In seconds, as chats send it, Discord with a fraction; a date is not looked at.
    private func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        guard let text = headers.first(name: "Retry-After"), let seconds = Double(text),
            seconds > 0, seconds < 86_400
        else { return nil }
        return .milliseconds(Int64((seconds * 1000).rounded(.up)))
    }

    private func failure(_ error: any Error, _ redaction: Redaction) -> DeliveryFailure {
        if error is CancellationError || error as? HTTPClientError == .cancelled {
            return .cancelled
        }
        return .unreachable(reason: redaction.applied(to: words(for: error)))
    }

    private func words(for error: any Error) -> String {
        switch error {
        case let error as IOError:
            return String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return words(for: first.error) }
            return "its name could not be resolved"
        case let error as HTTPClientError where error == .connectTimeout:
            return "the connection was not accepted in time"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return "it closed the connection without an answer"
        case is HTTPParserError:
            return "what it answered is no HTTP"
        case is NIOSSLError, is NIOSSLExtraError:
            return "TLS could not be agreed on; its certificate may not be one that this host "
                + "trusts"
        default:
            return "\(error)"
        }
    }
}
