import NIOCore
import NIOPosix

/// One client: sends a request, waits for its answer, sends the next. Lives on its worker's loop.
final class Visitor {
    private let worker: Worker
    private let plan: Plan
    private let loop: any EventLoop
    private var connection: Connection?
    private var attempt: Attempt?
    private var waiting: Scheduled<Void>?

    /// A server that refuses is asked again after this time; at once would only burn CPU.
    private let pauseAfterRefusal = TimeAmount.milliseconds(5)

    init(worker: Worker, plan: Plan, loop: any EventLoop) {
        self.worker = worker
        self.plan = plan
        self.loop = loop
    }

    func next() {
        guard let turn = worker.takeTurn() else {
            drop(connection)
            return worker.visitorFinished()
        }
        guard turn.due > .now() else { return begin(turn) }
        wait(until: turn.due) { self.begin(turn) }
    }

    /// Lets one that waits for its turn go home; the others learn it when they take the next.
    func stop() {
        guard let waiting else { return }
        waiting.cancel()
        self.waiting = nil
        next()
    }

    /// Gives up a request that has waited for too long.
    func checkTime(_ now: NIODeadline, limit: TimeAmount) {
        // One that still connects has the time limit of the connection.
        guard let attempt, let connection, now - attempt.sent > limit else { return }
        drop(connection)
        lose(.timeout)
    }

    func sawBytes(on source: Connection) {
        if source === connection { attempt?.sawBytes = true }
    }

    func answered(_ status: Int, version: [UInt8], closes: Bool, by source: Connection) {
        guard source === connection, let attempt else { return drop(source) }
        self.attempt = nil
        if closes { drop(source) }
        worker.tally.countAnswer(status, version: version, to: attempt, at: .now())
        next()
    }

    func lostConnection(_ source: Connection) {
        guard source === connection else { return }
        drop(source)
        // A connection that ends while nothing is asked of it costs nobody anything.
        guard let attempt else { return }
        switch attempt.verdictOnClose(isRepeatable: plan.isRepeatable, client: plan.client) {
        case .lost: lose(.closed)
        case .sendOnceMore:
            worker.tally.countRetried()
            self.attempt?.isSecond = true
            connect()
        }
    }

    private func wait(until due: NIODeadline, _ body: @escaping () -> Void) {
        waiting = loop.assumeIsolated().scheduleTask(deadline: due) {
            // A task whose time had come when it was cancelled is run all the same.
            guard self.waiting != nil else { return }
            self.waiting = nil
            body()
        }
    }

    private func begin(_ turn: Turn) {
        attempt = Attempt(due: turn.due, sent: .now(), client: turn.client)
        worker.tally.countSent()
        if let connection { send(on: connection) } else { connect() }
    }

    private func connect() {
        let visitor = NIOLoopBound(self, eventLoop: loop)
        let plan = plan
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(plan.timeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Connection(visitor: visitor.value, channel: channel, plan: plan))
                }
            }
            .connect(to: plan.address)
            .assumeIsolated()
            .whenComplete { result in self.connected(result) }
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .failure(let error): lose(Self.isTimeout(error) ? .timeout : .refused)
        case .success(let channel):
            worker.tally.countConnection()
            // Without its handler the connection is closed already.
            let handler = try? channel.pipeline.syncOperations.handler(type: Connection.self)
            guard let handler else { return lose(.closed) }
            connection = handler
            send(on: handler)
        }
    }

    private static func isTimeout(_ error: any Error) -> Bool {
        if case .connectTimeout? = error as? ChannelError { return true }
        return false
    }

    private func send(on connection: Connection) {
        attempt?.sent = .now()
        attempt?.isOnReusedConnection = connection.served > 0
        connection.send(plan.request.bytes(of: attempt?.client))
    }

    private func drop(_ source: Connection?) {
        if source === connection { connection = nil }
        source?.close()
    }

    private func lose(_ loss: Loss) {
        worker.tally.countLost(loss, of: attempt?.client, at: .now())
        attempt = nil
        switch loss {
        case .refused:
            wait(until: .now() + pauseAfterRefusal) { self.next() }
        case .closed, .timeout, .status: next()
        }
    }
}
