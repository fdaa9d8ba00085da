import NIOCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The cost of a program before it is ready, as of a JVM: processor time, and memory that grows
/// meanwhile. Lives on the event loop.
///
/// It burns in slices, so that SIGTERM still ends the process at once.
final class WarmUp {
    /// Of the thread's own processor time, so that a host without enough of it takes longer.
    private let cost: TimeAmount
    private let megabytes: Int
    private let shop: Shop
    private var burnt = TimeAmount.zero
    private let slice = TimeAmount.milliseconds(5)

    /// Where the burning leaves its result, so that no compiler takes it for needless.
    private var residue: UInt64 = 1

    init(shop: Shop) {
        self.shop = shop
        cost = shop.settings.startCost
        megabytes = shop.settings.memory
    }

    /// Calls `ready` on `loop` once all is burnt and taken, and never when the shop leaves before.
    func run(on loop: any EventLoop, _ ready: @escaping () -> Void) {
        guard !shop.drain.isDraining else { return }
        guard burnt < cost else {
            shop.ballast.grow(toMegabytes: megabytes)
            if cost > .zero || megabytes > 0 { note() }
            return ready()
        }
        burn()
        let share = Double(burnt.nanoseconds) / Double(cost.nanoseconds)
        shop.ballast.grow(toMegabytes: Int(Double(megabytes) * min(share, 1)))
        loop.assumeIsolated().execute { self.run(on: loop, ready) }
    }

    private func burn() {
        let begin = Self.processorTime()
        var spent = TimeAmount.zero
        while spent < slice {
            for _ in 0..<2_000 { residue = residue &* 6_364_136_223_846_793_005 &+ 1 }
            spent = Self.processorTime() - begin
        }
        burnt = burnt + spent
    }

    private func note() {
        let milliseconds = burnt.nanoseconds / 1_000_000
        shop.journal.note("warm after \(milliseconds) ms of CPU, holding \(megabytes) MB")
    }

    private static func processorTime() -> TimeAmount {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
