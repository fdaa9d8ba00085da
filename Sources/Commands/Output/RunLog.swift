import BlueGreen
import Glibc
import Orchestration
import Synchronization

/// The log of one run in the state directory, `log/12.log`, which goes on without a reader of
/// standard error. It is opened by the number of the deployment that begins.
final class RunLog: Reporter {
    private struct State {
        var descriptor: Int32?
        /// The lines from before the deployment had a number.
        var waiting = ""
        /// Something could not be written.
        var isCut = false
        var throttle = ProgressThrottle()
    }

    /// Hooks run before a deployment has its number: this holds what a few of them may show.
    private static let longestBeginning = 4 * 1_048_576
    /// So many runs keep their logs.
    private static let kept = 100

    private let folder: String
    private let clock: any WallClock
    private let state = Mutex(State())

    /// - Parameter folder: made, readable by its owner alone, when the first run begins.
    init(folder: String, clock: any WallClock) {
        self.folder = folder
        self.clock = clock
    }

    deinit {
        state.withLock { state in
            if let descriptor = state.descriptor { close(descriptor) }
        }
    }

    func path(of deployment: Int) -> String {
        "\(folder)/\(deployment).log"
    }

    /// nil where the disk did not take all of it.
    func wholePath(of deployment: Int) -> String? {
        state.withLock(\.isCut) ? nil : path(of: deployment)
    }

    func report(_ event: ProgressEvent) {
        let now = clock.now
        state.withLock { state in
            if case .began(let deployment) = event { open(deployment.number, &state) }
            guard state.throttle.passes(event, at: now) else { return }
            let text = ProgressLine.lines(for: event)
                .map { "\(now.rfc3339) \($0.marked)\n" }.joined()
            append(text, &state)
        }
    }

    /// Text that stands in no event, such as the last lines of a run.
    func append(_ text: String) {
        state.withLock { append(text, &$0) }
    }

    private func open(_ number: Int, _ state: inout State) {
        if let old = state.descriptor { close(old) }
        // A log that cannot be had takes nothing from the run: the store has what counts.
        mkdir(folder, 0o700)
        unlink(path(of: number - Self.kept))
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let descriptor = Glibc.open(path(of: number), flags, 0o600)
        state.descriptor = descriptor >= 0 ? descriptor : nil
        state.isCut = state.isCut || descriptor < 0
        let waiting = state.waiting
        state.waiting = ""
        append(waiting, &state)
    }

    private func append(_ text: String, _ state: inout State) {
        guard let descriptor = state.descriptor else {
            if state.waiting.utf8.count < Self.longestBeginning { state.waiting += text }
            return
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            // A full disk ends the log, not the run.
            if count <= 0 {
                state.isCut = true
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
