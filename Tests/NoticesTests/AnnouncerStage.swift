import BlueGreen
import HostSystem
import Orchestration
import Synchronization
import TestSupport

@testable import Notices

/// An announcer whose only target is a command, which ends as it is told, or never.
struct AnnouncerStage {
    let runner: EndingRunner
    let clock = ManualClock(skippingWaitsTo: .seconds(6))
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
        await announcer.tell(Notice(event, from: .sample, at: Sample.moment))
    }

    func announce(_ deployment: Deployment) async {
        await announcer.announce(deployment, known: nil)
    }

    private var announcer: NoticeAnnouncer {
        NoticeAnnouncer(
            .sample, to: [target], by: NoticeSender(runner: runner, clock: clock),
            reporter: reporter, interruption: interruption)
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

private final class KeepingReporter: Reporter {
    let events = Mutex<[ProgressEvent]>([])

    func report(_ event: ProgressEvent) {
        events.withLock { $0.append(event) }
    }
}
