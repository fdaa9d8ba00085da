import BlueGreen
import HostSystem
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import Commands

@Suite("The turns of a watch", .timeLimit(.minutes(5)))
struct WatchTurnsTests {
    private static let placement = Placement(colour: .blue, release: Sample.release(1))
    private static let web = WatchedReplica(placement, Replica(service: "web", index: 1))

    private static func event(_ change: ContainerEvent.Change) -> ContainerEvent {
        ContainerEvent(
            id: "abc", replica: web.replica, placement: placement, change: change,
            at: Sample.moment)
    }

    private static let death = event(
        .ended(exitCode: 1, isOutOfMemory: false, isAskedFor: false))

    /// Notes what is looked at, in order.
    private struct Looks {
        let noted: AsyncStream<String>
        let note: AsyncStream<String>.Continuation

        init() { (noted, note) = AsyncStream.makeStream() }

        /// - Returns: the first of them.
        func first(_ count: Int) async -> [String] {
            var all: [String] = []
            for await look in noted {
                all.append(look)
                if all.count == count { break }
            }
            return all
        }
    }

    private static let isForever: @Sendable (Duration) async throws -> Void = { _ in
        try await Task.sleep(for: .seconds(86_400))
    }

    @Test("A death does not wait for a round that hangs, and the round comes anew behind it")
    func hangingRound() async throws {
        let looks = Looks()
        let turns = WatchTurns(pause: Self.isForever) { scope in
            guard scope == .all else {
                looks.note.yield("one")
                return
            }
            looks.note.yield("all")
            do { try await Self.isForever(.zero) } catch {
                looks.note.yield("cut short")
                throw error
            }
        }
        let running = Task { try await turns.run() }
        turns.next(.time)
        turns.next(.event(Self.web))
        #expect(await looks.first(4) == ["all", "cut short", "one", "all"])
        running.cancel()
        _ = await running.result
    }

    @Test("A container that ends again and again does not keep the others from being looked at")
    func noStarving() async throws {
        let looks = Looks()
        let rounds = Mutex(0)
        let turns = Mutex<WatchTurns?>(nil)
        let made = WatchTurns(pause: Self.isForever) { scope in
            guard scope == .all else {
                looks.note.yield("one")
                return
            }
            let number = rounds.withLock { count in
                count += 1
                return count
            }
            looks.note.yield("all")
            // It ends again while they are probed.
            turns.withLock { $0 }?.next(.event(Self.web))
            for _ in 1...1000 where !Task.isCancelled { await Task.yield() }
            if number == 1 { try await Self.isForever(.zero) }
            looks.note.yield(Task.isCancelled ? "cut short" : "looked at")
        }
        turns.withLock { $0 = made }
        let running = Task { try await made.run() }
        made.next(.time)
        #expect(await looks.first(5) == ["all", "one", "all", "looked at", "one"])
        running.cancel()
        _ = await running.result
    }

    @Test("An engine that goes away is asked again, and hears of it what came behind its return")
    func engineReturns() async throws {
        struct Gone: Error {}
        let calls = Mutex(0)
        let pauses = Mutex<[Duration]>([])
        let turns = WatchTurns { duration in
            let isLast = pauses.withLock { all in
                all.append(duration)
                return all.count == 4
            }
            if isLast { throw CancellationError() }
        } look: { _ in
        }
        await #expect(throws: CancellationError.self) {
            try await turns.listen {
                let call = calls.withLock { count in
                    count += 1
                    return count
                }
                return AsyncThrowingStream { stream in
                    switch call {
                    // It is there, and ends in the midst of it.
                    case 1: stream.yield(Self.death)
                    // It is back: two containers started, one is asked to end, one ends.
                    case 4:
                        stream.yield(Self.event(.started))
                        stream.yield(Self.event(.signalled))
                        stream.yield(Self.death)
                    default: break
                    }
                    stream.finish(throwing: Gone())
                }
            }
        }
        var causes: [WatchTurns.Cause] = []
        for await cause in turns.causes {
            causes.append(cause)
            if causes.count == 6 { break }
        }
        let one = WatchTurns.Cause.event(Self.web)
        #expect(causes == [one, .time, .time, .time, one, one])
        #expect(pauses.withLock(\.self) == [1, 2, 4, 1].map { Duration.seconds($0) })
    }
}

@Suite("The watchdog of a watch")
struct WatchdogTests {
    private final class Host: Sendable {
        let uptime = Mutex(Duration.seconds(100))
    }

    @Test("A loop is alive while its rounds come, and not when one hangs for longer than any act")
    func pulse() {
        let host = Host()
        let pulse = WatchPulse { host.uptime.withLock(\.self) }
        #expect(pulse.isAlive)
        pulse.start("shop", every: .seconds(15))
        pulse.start("blog", every: .seconds(3600))
        pulse.begin("shop")
        host.uptime.withLock { $0 += .seconds(644) }
        #expect(pulse.isAlive && pulse.isBusy)
        host.uptime.withLock { $0 += .seconds(1) }
        #expect(!pulse.isAlive)
        pulse.end("shop")
        #expect(pulse.isAlive)
        // An app that is gone keeps nobody from being alive.
        host.uptime.withLock { $0 += .seconds(700) }
        #expect(!pulse.isAlive)
        pulse.forget("shop")
        #expect(pulse.isAlive)
    }

    @Test("systemd is told that it is alive by the pace of its limit, and not while a loop hangs")
    func contract() async throws {
        let folder = try TemporaryFolder()
        let listener = try NotificationListener(folder("notify"))
        let host = Host()
        let pulse = WatchPulse { host.uptime.withLock(\.self) }
        pulse.start("shop", every: .seconds(15))
        let pauses = Mutex<[Duration]>([])
        let service = WatchService(
            Invocation(
                environment: ["TEAL_STATE_DIR": folder("state")], directory: "/",
                standardOutput: .standardOutput, standardError: .standardError),
            ServiceNotification(
                environment: ["NOTIFY_SOCKET": folder("notify"), "WATCHDOG_USEC": "6000000"],
                pid: 42),
            pulse: pulse
        ) { duration in
            let number = pauses.withLock { all in
                all.append(duration)
                return all.count
            }
            switch number {
            // A round that never ends.
            case 4:
                pulse.begin("shop")
                host.uptime.withLock { $0 += .seconds(700) }
            case 7: pulse.end("shop")
            case 9: withUnsafeCurrentTask { $0?.cancel() }
            default: break
            }
        } note: { _ in
        }
        await Task { await service.run() }.value
        let told = listener.all().map { $0.split(separator: "\n").first.map(String.init) }
        #expect(told == ["READY=1"] + Array(repeating: "WATCHDOG=1", count: 6))
        #expect(pauses.withLock(\.self) == Array(repeating: .seconds(2), count: 9))
        await service.stop(within: .zero)
        #expect(listener.all() == ["STOPPING=1"])
    }
}
