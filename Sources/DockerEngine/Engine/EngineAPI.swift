package import AsyncHTTPClient
import BlueGreen
import FoundationEssentials
import Glibc
import HostSystem
import NIOCore
import NIOHTTP1

/// Docker's Engine API, for what needs speed: a call costs a millisecond where one of
/// `docker compose` costs a hundred.
package struct EngineAPI: Sendable {
    package let endpoint: EngineEndpoint
    package let client: HTTPClient
    private let version: FoundVersion

    /// Answers are small; this bounds what a daemon gone wrong can make Teal hold.
    private static let answerLimit = 32 * 1_048_576

    package init(_ endpoint: EngineEndpoint) {
        self.endpoint = endpoint
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        // A daemon that is not there is told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
        version = FoundVersion()
    }

    /// To be called once, after the last request.
    package func shutDown() async throws {
        try await client.shutdown()
    }

    /// Whether a daemon answers, and the version of its API that is spoken with it.
    @discardableResult
    package func ping() async throws -> EngineVersion {
        if let known = await version.known { return known }
        let answer = try await exchange(
            EngineRequest(method: .get, path: "/_ping", act: "answer", timeLimit: .seconds(10)),
            url: url(to: "/_ping"))
        let text = answer.apiVersion ?? "unknown"
        guard let found = EngineVersion(ofDaemon: text) else {
            throw DockerError.oldEngine(version: text)
        }
        await version.set(found)
        return found
    }

    /// - Throws: `DockerError.engine` for a status that is neither 2xx nor expected.
    package func send(_ request: EngineRequest) async throws -> EngineResponse {
        let version = try await ping()
        let response = try await exchange(
            request, url: url(to: "/v\(version.spoken)\(request.target)"))
        guard (200..<300).contains(response.status) || request.alsoGood.contains(response.status)
        else {
            throw DockerError.engine(
                act: request.act, status: response.status, text: Self.message(response.body))
        }
        return response
    }

    /// As `send`; nil for an answer of 404.
    package func find(_ request: EngineRequest) async throws -> EngineResponse? {
        var request = request
        request.alsoGood.insert(404)
        let response = try await send(request)
        return response.status == 404 ? nil : response
    }

    /// The answer to a request, read.
    package func ask<Answer: Decodable>(_ request: EngineRequest) async throws -> Answer {
        try decode(Answer.self, from: try await send(request), act: request.act)
    }

    /// As `ask`; nil for an answer of 404.
    package func look<Answer: Decodable>(_ request: EngineRequest) async throws -> Answer? {
        try await find(request).map { try decode(Answer.self, from: $0, act: request.act) }
    }

    package func decode<Answer: Decodable>(
        _ type: Answer.Type, from response: EngineResponse, act: String
    ) throws -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw DockerError.unreadableAnswer(act: act, reason: "\(error)")
        }
    }

    package func url(to target: String) -> String {
        switch endpoint {
        case .socket(let path):
            let host = path.utf8.map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }
            return "http+unix://\(host.joined())\(target)"
        case .tcp(let host, let port):
            return "http://\(host):\(port)\(target)"
        }
    }

    /// The client's own deadline ends with the head of an answer, so that a body which never ends
    /// needs this one.
    private func exchange(_ request: EngineRequest, url: String) async throws -> EngineResponse {
        try await withThrowingTaskGroup(of: EngineResponse.self) { group in
            group.addTask { try await answer(to: request, url: url) }
            group.addTask {
                try await Task.sleep(for: request.limit)
                throw DockerError.noAnswer(act: request.act, within: request.limit)
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    package func outgoing(_ request: EngineRequest, url: String) throws -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers.add(name: "Host", value: "docker")
        // A daemon that is about to end takes no connection any more, but goes on to answer over
        // those it has, for as long as containers take to stop: all of them would seem to have
        // ended by themselves (seen with 20.10, for 10 s). So no connection is used twice.
        outgoing.headers.add(name: "Connection", value: "close")
        if let word = request.registryAuth {
            outgoing.headers.add(name: "X-Registry-Auth", value: word)
        }
        if let body = request.body {
            outgoing.headers.add(name: "Content-Type", value: "application/json")
            outgoing.body = .bytes(ByteBuffer(string: try body.serialized()))
        }
        return outgoing
    }

    private func answer(to request: EngineRequest, url: String) async throws -> EngineResponse {
        let outgoing = try outgoing(request, url: url)
        let limit = TimeAmount.milliseconds(request.limit.wholeMilliseconds)
        do {
            let response = try await client.execute(outgoing, deadline: .now() + limit)
            let status = Int(response.status.code)
            if let onBody = request.onBody, (200..<300).contains(status) {
                for try await piece in response.body { onBody(Array(piece.readableBytesView)) }
                return EngineResponse(status: status, body: [], apiVersion: nil)
            }
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return EngineResponse(
                status: status, body: Array(body.readableBytesView),
                apiVersion: response.headers.first(name: "Api-Version"))
        } catch {
            throw translated(error, request)
        }
    }

    package func translated(_ error: any Error, _ request: EngineRequest) -> any Error {
        if error is CancellationError { return error }
        if let error = error as? HTTPClientError {
            if error == .cancelled { return CancellationError() }
            if error == .deadlineExceeded || error == .readTimeout {
                return DockerError.noAnswer(act: request.act, within: request.limit)
            }
        }
        if let error = error as? IOError, error.errnoCode == EACCES || error.errnoCode == EPERM {
            return DockerError.noPermission(endpoint: endpoint.description)
        }
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
        return DockerError.noDaemon(
            endpoint: endpoint.description, reason: reason ?? "\(error)")
    }

    /// The engine explains itself as `{"message": "..."}`.
    package static func message(_ body: [UInt8]) -> String {
        struct Explanation: Decodable { let message: String }
        let explained = try? JSONDecoder().decode(Explanation.self, from: Data(body))
        // Anything else, a proxy's page for instance, is shown as it came.
        let text = explained?.message ?? String(decoding: body.prefix(500), as: UTF8.self)
        return text.trimmed
    }
}

/// The version that the first answer of a run named.
private actor FoundVersion {
    private(set) var known: EngineVersion?

    func set(_ version: EngineVersion) {
        known = version
    }
}
