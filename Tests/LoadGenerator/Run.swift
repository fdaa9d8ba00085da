import NIOCore
import NIOPosix
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Set by SIGINT and SIGTERM; a signal handler can reach nothing but a global.
private let interrupted = Atomic<Bool>(false)

/// One run from the first request to the last answer.
struct Run {
    let plan: Plan
    let connections: Int
    let threads: Int
    let limit: Limit
    let rate: Int?

    func perform() throws -> Tally {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in interrupted.store(true, ordering: .relaxed) }
        }
        signal(SIGPIPE, SIG_IGN)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let loops = Array(group.makeIterator())
        let workers = try loops.enumerated().map { try worker(number: $0.offset, on: $0.element) }
        waitForEnd(of: workers)
        for worker in workers { worker.loop.execute { worker.bound.value.stop() } }
        var total = try workers[0].tally.wait()
        for worker in workers.dropFirst() { total.add(try worker.tally.wait()) }
        try group.syncShutdownGracefully()
        return total
    }

    private struct Running: Sendable {
        let loop: any EventLoop
        let bound: NIOLoopBound<Worker>
        let tally: EventLoopFuture<Tally>
        let isFinished: Flag
    }

    private final class Flag: Sendable {
        let value = Atomic<Bool>(false)
    }

    private func worker(number: Int, on loop: any EventLoop) throws -> Running {
        let finished = loop.makePromise(of: Tally.self)
        let flag = Flag()
        finished.futureResult.whenComplete { _ in flag.value.store(true, ordering: .relaxed) }
        let budget = limit.requests.map { share(of: $0, number) } ?? .max
        let interval = rate.map { TimeAmount.nanoseconds(Int64(1_000_000_000 * threads / $0)) }
        let (plan, own) = (plan, share(of: connections, number))
        let bound = try loop.submit {
            let worker = Worker(
                plan: plan, budget: budget, interval: interval, loop: loop, finished: finished)
            worker.start(connections: own)
            return NIOLoopBound(worker, eventLoop: loop)
        }.wait()
        return Running(
            loop: loop, bound: bound, tally: finished.futureResult, isFinished: flag)
    }

    private func share(of total: Int, _ number: Int) -> Int {
        total / threads + (number < total % threads ? 1 : 0)
    }

    private func waitForEnd(of workers: [Running]) {
        let end = limit.duration.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
        while NIODeadline.now() < end, !interrupted.load(ordering: .relaxed) {
            if workers.allSatisfy({ $0.isFinished.value.load(ordering: .relaxed) }) { return }
            if let file = limit.file, access(file, F_OK) == 0 { return }
            usleep(10_000)
        }
    }
}

/// When to stop sending; whichever comes first.
struct Limit: Sendable {
    let duration: Duration?
    let requests: Int?
    let file: String?
}
