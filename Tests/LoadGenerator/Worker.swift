import NIOCore

/// The visitors of one event loop, what they may still send, and their tally.
final class Worker {
    var tally = Tally()
    private let plan: Plan
    private let loop: any EventLoop
    private let finished: EventLoopPromise<Tally>
    private var visitors: [Visitor] = []
    private var active = 0
    private var budget: Int
    private var turns = 0
    private var nextDue: NIODeadline
    private let interval: TimeAmount?
    private var isStopped = false
    private var watch: RepeatedTask?

    /// `interval` is the time between two requests of this worker, where a rate is asked for.
    init(
        plan: Plan, budget: Int, interval: TimeAmount?, loop: any EventLoop,
        finished: EventLoopPromise<Tally>
    ) {
        self.plan = plan
        self.budget = budget
        self.interval = interval
        self.loop = loop
        self.finished = finished
        nextDue = .now()
    }

    func start(connections: Int) {
        let limit = TimeAmount(plan.timeout)
        // One look at all visitors is cheaper than a timer per request.
        let worker = NIOLoopBound(self, eventLoop: loop)
        watch = loop.scheduleRepeatedTask(
            initialDelay: .milliseconds(20), delay: .milliseconds(20)
        ) { _ in
            let now = NIODeadline.now()
            for visitor in worker.value.visitors { visitor.checkTime(now, limit: limit) }
        }
        active = connections
        visitors = (0..<connections).map { _ in Visitor(worker: self, plan: plan, loop: loop) }
        for visitor in visitors { visitor.next() }
    }

    /// No request begins from now on; `finished` resolves when those in flight have ended.
    func stop() {
        isStopped = true
        for visitor in visitors { visitor.stop() }
    }

    /// The visitor's next request; nothing when there is none.
    func takeTurn() -> Turn? {
        guard !isStopped, budget > 0 else { return nil }
        budget -= 1
        let client = plan.clients.map { turns % $0 + 1 }
        turns += 1
        guard let interval else { return Turn(due: .now(), client: client) }
        // Never moved to now: after a stall the missed requests are sent late and show it.
        defer { nextDue = nextDue + interval }
        return Turn(due: nextDue, client: client)
    }

    func visitorFinished() {
        active -= 1
        guard active == 0 else { return }
        watch?.cancel()
        visitors.removeAll()
        finished.succeed(tally)
    }
}
