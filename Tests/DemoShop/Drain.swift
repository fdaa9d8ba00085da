import NIOCore

/// The visitors that are still served, and the end of their service. Lives on the event loop.
final class Drain {
    private let loop: any EventLoop
    private let finished: EventLoopPromise<Int>
    private var connections = 0
    private var requests = 0
    private var webSockets: [ObjectIdentifier: any Channel] = [:]
    private(set) var isDraining = false

    /// How long idle keep-alive connections are listened to once nothing is in flight: a proxy
    /// may have sent its next request before it learned that this process is leaving.
    private let linger = TimeAmount.milliseconds(100)

    init(loop: any EventLoop) {
        self.loop = loop
        finished = loop.makePromise()
    }

    func connectionOpened() { connections += 1 }

    func connectionClosed() {
        connections -= 1
        finishIfQuiet()
    }

    func requestBegan() { requests += 1 }

    func requestEnded() {
        requests -= 1
        finishIfQuiet()
    }

    func webSocketOpened(_ channel: any Channel) {
        webSockets[ObjectIdentifier(channel)] = channel
    }

    func webSocketClosed(_ channel: any Channel) {
        webSockets[ObjectIdentifier(channel)] = nil
        finishIfQuiet()
    }

    /// Resolves when all is served, or after `grace`, with the number of those cut off.
    func begin(within grace: TimeAmount) -> EventLoopFuture<Int> {
        guard !isDraining else { return finished.futureResult }
        isDraining = true
        for channel in webSockets.values {
            channel.pipeline.fireUserInboundEventTriggered(GoingAway())
        }
        loop.assumeIsolated().scheduleTask(in: grace) {
            self.finished.succeed(self.requests + self.webSockets.count)
        }
        finishIfQuiet()
        return finished.futureResult
    }

    /// Told to a websocket's pipeline: say goodbye and close.
    struct GoingAway: Sendable {}

    private var isQuiet: Bool { isDraining && requests == 0 && webSockets.isEmpty }

    private func finishIfQuiet() {
        guard isQuiet else { return }
        guard connections > 0 else { return finished.succeed(0) }
        loop.assumeIsolated().scheduleTask(in: linger) {
            if self.isQuiet { self.finished.succeed(0) }
        }
    }
}
