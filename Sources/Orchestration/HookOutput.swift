import Synchronization

/// What a hook prints: shown as it comes, as far as anybody may want to read it, and the last of
/// it kept for the failure.
final class HookOutput: Sendable {
    /// A hook that prints without end must fill neither a terminal nor the disk.
    static let shownLines = 1000
    static let longestLine = 1000
    private static let keptLines = 20

    private struct State {
        var count = 0
        var last: [String] = []
    }

    private let reporter: any Reporter
    private let state = Mutex(State())

    init(_ reporter: any Reporter) {
        self.reporter = reporter
    }

    /// The last lines, oldest first.
    var lastLines: [String] { state.withLock { $0.last } }

    func take(_ line: String) {
        let line =
            line.utf8.count > Self.longestLine ? line.prefix(Self.longestLine) + "..." : line
        let count = state.withLock { state in
            state.count += 1
            state.last.append(line)
            if state.last.count > Self.keptLines { state.last.removeFirst() }
            return state.count
        }
        if count <= Self.shownLines { reporter.report(.output(line)) }
        if count == Self.shownLines + 1 {
            reporter.report(
                .note("The hook prints more than \(Self.shownLines) lines; no more are shown."))
        }
    }
}
