import BlueGreen
import Glibc
import Subprocess

/// Waits for one running program and reads what it writes meanwhile.
struct ProgramWatch: Sendable {
    let pid: pid_t

    /// How long a grandchild may go on writing when the program itself has ended.
    private static let afterglow = Duration.milliseconds(500)
    private static let longestPause = Duration.milliseconds(50)

    /// Returns when both outputs are closed and the program has ended, or shortly after the
    /// program has ended where something else holds them open.
    func read(
        _ output: SubprocessOutputSequence, _ error: SubprocessOutputSequence, limit: ByteCount,
        onLine: (@Sendable (String) -> Void)?
    ) async -> (output: String, error: String) {
        let texts = await withTaskGroup(of: Part.self) { group in
            group.addTask { .output(await collect(output, limit: limit, onLine: onLine)) }
            group.addTask { .error(await collect(error, limit: limit, onLine: onLine)) }
            group.addTask {
                await untilEnded()
                // Cancelled when both outputs are read, which is the usual way.
                try? await Task.sleep(for: Self.afterglow)
                return .overdue
            }
            var texts: (output: String?, error: String?)
            for await part in group {
                switch part {
                case .output(let text): texts.output = text
                case .error(let text): texts.error = text
                case .overdue: group.cancelAll()
                }
                if texts.output != nil && texts.error != nil { group.cancelAll() }
            }
            return (output: texts.output ?? "", error: texts.error ?? "")
        }
        // A program may close its outputs and go on; the time limit holds for it all the same.
        await untilEnded()
        return texts
    }

    private enum Part: Sendable {
        case output(String)
        case error(String)
        case overdue
    }

    private func collect(
        _ sequence: SubprocessOutputSequence, limit: ByteCount,
        onLine: (@Sendable (String) -> Void)?
    ) async -> String {
        var captured = CapturedOutput(limit: limit, onLine: onLine)
        do {
            for try await buffer in sequence {
                buffer.withUnsafeBytes { captured.append($0) }
                if Task.isCancelled { break }
            }
        } catch {
            // What was read before a pipe broke is all there is; the program's ending is what
            // counts.
        }
        captured.finish()
        return captured.text
    }

    private func untilEnded() async {
        var pause = Duration.milliseconds(1)
        while !hasEnded {
            do { try await Task.sleep(for: pause) } catch { return }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Looks without reaping, which is swift-subprocess's task.
    private var hasEnded: Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
        // With WNOHANG a running child leaves the structure as it was: all zero.
        return result != 0 || information.si_signo != 0
    }
}
