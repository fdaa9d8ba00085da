@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import TestSupport
import Testing

/// Daemons that hang, go away and come back, played by a socket of this test's own.
@Suite("A daemon in trouble", .timeLimit(.minutes(5)))
struct EngineFaultTests {
    private static let pong = Receiver.Answer.status(200, fields: ["Api-Version": "1.41"])
    private static let release = Fixture.release(1)

    private let folder: TemporaryFolder
    private let socket: String

    init() throws {
        folder = try TemporaryFolder()
        socket = folder("docker.sock")
    }

    private func engine(_ api: EngineAPI) -> ComposeEngine {
        ComposeEngine(
            ComposeEngine.Settings(
                app: "shop", stateDirectory: folder("state"), runner: SubprocessCommandRunner(),
                tool: { throw DockerError.containerMissing("no tool") }, api: api))
    }

    /// A line of the daemon's events, of tomorrow so that nobody takes it for an old one.
    private static func line(_ action: String, code: Int? = nil) -> String {
        let exit = code.map { ", \"exitCode\": \"\($0)\"" } ?? ""
        let at = (SystemClock().now + .seconds(86_400)).milliseconds
        return """
            {"Action": "\(action)", "timeNano": \(at)000000, "Actor": {"ID": "abc", "Attributes": \
            {"teal.service": "web", "teal.replica": "1", "teal.colour": "green", \
            "teal.release": "\(release.text)"\(exit)}}}

            """
    }

    @Test("One that takes connections and never answers is given up after the limit of a call")
    func hangs() async throws {
        let daemon = try await Receiver.start(Self.pong, .silence, at: socket)
        let api = EngineAPI(.socket(path: socket))
        let limit = Duration.milliseconds(100)
        let request = EngineRequest(
            method: .get, path: "/containers/json", act: "list containers", timeLimit: limit)
        await #expect(throws: DockerError.noAnswer(act: "list containers", within: limit)) {
            _ = try await api.send(request)
        }
        // Each look of a round has such a limit, so that a round ends.
        #expect(EngineRequest(method: .get, path: "/", act: "ask").limit <= .seconds(20))
        try await api.shutDown()
        try await daemon.stop()
    }

    @Test("One that hangs while its events are heard lets its reader go")
    func hangsUnheard() async throws {
        let daemon = try await Receiver.start(Self.pong, .silence, at: socket)
        let api = EngineAPI(.socket(path: socket))
        let engine = engine(api)
        let reader = Task { for try await _ in engine.events() {} }
        var requests = daemon.requests.makeAsyncIterator()
        while let request = await requests.next(), !request.path.contains("/events") {}
        reader.cancel()
        _ = await reader.result
        try await api.shutDown()
        try await daemon.stop()
    }

    @Test("One that ends while its events are heard is an error, and is heard anew after it")
    func returns() async throws {
        let daemon = try await Receiver.start(
            Self.pong, .status(200, body: Self.line("start")), .close,
            .status(200, body: Self.line("kill") + Self.line("die", code: 0)), at: socket)
        let api = EngineAPI(.socket(path: socket))
        let engine = engine(api)
        var heard: [[ContainerEvent.Change]] = []
        for _ in 1...3 {
            var changes: [ContainerEvent.Change] = []
            await #expect(throws: DockerError.self) {
                for try await event in engine.events() { changes.append(event.change) }
            }
            heard.append(changes)
        }
        #expect(
            heard == [
                [.started], [],
                [.signalled, .ended(exitCode: 0, isOutOfMemory: false, isAskedFor: true)],
            ])
        try await api.shutDown()
        try await daemon.stop()
    }

    @Test(
        "A container that was asked to end and has not is told, whatever signals came beside",
        arguments: [
            (["kill 15"], true), (["kill 3"], true), (["kill 1"], false), (["kill 10"], false),
            (["kill 15", "die"], false), (["kill 15", "die", "start"], false),
            (["kill 15", "die", "start", "kill 15"], true), (["kill 15", "kill 1"], true),
            (["start"], false), (["kill"], true),
        ])
    func stops(_ actions: [String], _ isStopping: Bool) {
        let events = actions.enumerated().map { index, text in
            let words = text.split(separator: " ").map(String.init)
            return EngineEvent(
                action: words[0],
                actor: EngineEvent.Actor(
                    id: "abc", attributes: words.count > 1 ? ["signal": words[1]] : [:]),
                nanoseconds: Int64(index + 1) * 1_000_000_000)
        }
        let asked = actions.lastIndex { $0 == "kill 15" || $0 == "kill 3" || $0 == "kill" } ?? 0
        let last = Timestamp(milliseconds: Int64(asked + 1) * 1000)
        #expect(
            ContainerStop.all(in: events)
                == (isStopping ? [ContainerStop(id: "abc", at: last)] : []))
    }
}
