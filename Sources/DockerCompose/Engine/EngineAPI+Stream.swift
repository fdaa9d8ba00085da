import AsyncHTTPClient
import BlueGreen
import DockerEngine
import NIOCore
import NIOHTTP1

extension EngineAPI {
    /// Hears events as they happen, and first those since a moment that is over.
    ///
    /// - Throws: when the engine ends, since nothing is told any more. `CancellationError` when the
    ///   task is cancelled, which ends the connection.
    func followEvents(
        _ actions: [String], ofContainersWith labels: [String], since: Timestamp,
        _ hear: (EngineEvent) async throws -> Void
    ) async throws {
        let request = try EngineRequest(
            events: actions, ofContainersWith: labels, [("since", since.engineText)])
        try await follow(request) { line in
            let part = EngineResponse(status: 200, body: line, apiVersion: nil)
            try await hear(try decode(EngineEvent.self, from: part, act: request.act))
        }
    }

    /// Without a time limit: an engine sends even the head of its answer with the first event (seen
    /// with 20.10). One that takes no connection is told by `ping`.
    private func follow(
        _ request: EngineRequest, _ hear: ([UInt8]) async throws -> Void
    ) async throws {
        let version = try await ping()
        let outgoing = try outgoing(request, url: url(to: "/v\(version.spoken)\(request.target)"))
        var line: [UInt8] = []
        do {
            let response = try await client.execute(outgoing, deadline: .distantFuture)
            let status = Int(response.status.code)
            guard (200..<300).contains(status) else {
                let body = try await response.body.collect(upTo: Self.longestLine)
                throw DockerError.engine(
                    act: request.act, status: status,
                    text: Self.message(Array(body.readableBytesView)))
            }
            for try await piece in response.body {
                for byte in piece.readableBytesView {
                    if byte == UInt8(ascii: "\n") {
                        if !line.isEmpty { try await hear(line) }
                        line = []
                    } else {
                        line.append(byte)
                    }
                }
                guard line.count <= Self.longestLine else {
                    throw DockerError.unreadableAnswer(
                        act: request.act, reason: "a line of it does not end")
                }
            }
        } catch let error as DockerError {
            throw error
        } catch {
            throw translated(error, request)
        }
        try Task.checkCancellation()
        throw DockerError.noDaemon(
            endpoint: endpoint.description, reason: "it does not tell events any more")
    }

    private static let longestLine = 1_048_576
}
