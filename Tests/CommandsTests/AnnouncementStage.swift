import BlueGreen
import HostSystem
import Notices
import Orchestration
import Synchronization
import TestSupport

@testable import Commands

/// A command as the only target, which ends as it is told, or never.
struct AnnouncementStage {
    let runner: EndingRunner
    let clock = ShortClock()
    let interruption = Interruption()
    private let target: NoticeTarget
    private let reporter = KeepingReporter()

    /// - Parameter ending: nil for a command that goes on until it is cancelled.
    init(
        _ events: Set<NoticeEvent>,
        _ ending: @escaping @Sendable (Command) -> CommandResult.Ending?
    ) throws {
        runner = EndingRunner(ending: ending)
        target = NoticeTarget(.command(try NoticeCommand(["tell", "XXtokenXX"])), for: events)
    }

    var said: [ProgressEvent] { reporter.events.withLock(\.self) }

    func tell(_ event: NoticeEvent) async {
        let announcement = Announcement(
            app: "shop", targets: [target], sender: NoticeSender(runner: runner, clock: clock),
            clock: clock,
            reporter: reporter, interruption: interruption)
        await announcement.tell(Notice(event, app: "shop", host: "h", at: Sample.moment))
    }
}

final class EndingRunner: CommandRunner {
    private let ending: @Sendable (Command) -> CommandResult.Ending?
    private let run = Mutex<[Command]>([])

    init(ending: @escaping @Sendable (Command) -> CommandResult.Ending?) {
        self.ending = ending
    }

    var commands: [Command] { run.withLock(\.self) }

    func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        run.withLock { $0.append(command) }
        if let ending = ending(command) { return CommandResult(ending: ending) }
        await untilCancelled()
        throw CancellationError()
    }
}

private func untilCancelled() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
}

/// Stands still. A sleep of up to six seconds is over at once, a longer one when it is cancelled.
final class ShortClock: WallClock {
    private let sleeps = Mutex<[Duration]>([])

    var now: Timestamp { Sample.moment }
    var slept: [Duration] { sleeps.withLock(\.self) }

    func sleep(until deadline: Timestamp) async throws {
        let length = deadline - now
        sleeps.withLock { $0.append(length) }
        if length > .seconds(6) { await untilCancelled() }
        try Task.checkCancellation()
    }
}

private final class KeepingReporter: Reporter {
    let events = Mutex<[ProgressEvent]>([])

    func report(_ event: ProgressEvent) {
        events.withLock { $0.append(event) }
    }
}
