import BlueGreen
import Glibc
import Subprocess

/// Both output pipes of one running program, read until it has ended.
struct OutputPipes: Sendable {
    let pid: pid_t

    /// A grandchild may go on writing for so long after the program itself has ended.
    private static let graceAfterEnd = Duration.milliseconds(500)
    private static let longestPause = Duration.milliseconds(50)

    /// Returns when both outputs are closed and the program has ended. If something else holds them
    /// open, it returns shortly after the program's end.
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
                try? await Task.sleep(for: Self.graceAfterEnd)
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
            // A broken pipe gives no more bytes; the program's ending tells of its failure.
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
    var hasEnded: Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
        // With WNOHANG a running child leaves the structure as it was: all zero.
        return result != 0 || information.si_signo != 0
    }
}

/// One output stream of a program: its bytes up to a limit, and its lines as they come.
struct CapturedOutput {
    private let limit: Int
    private let onLine: (@Sendable (String) -> Void)?
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var dropped = 0
    private var line: [UInt8] = []

    /// A program that never ends its line must not fill the memory.
    private static let longestLine = 64 * 1024

    init(limit: ByteCount, onLine: (@Sendable (String) -> Void)?) {
        self.limit = max(2, Int(limit.bytes))
        self.onLine = onLine
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        keep(bytes)
        if onLine != nil { cutLines(bytes) }
    }

    /// Hands out a last line that has no end.
    mutating func finish() {
        if !line.isEmpty { emitLine() }
    }

    /// Invalid UTF-8 is repaired. A longer output keeps its first and its last half of the limit. A
    /// line between them says how much is missing.
    var text: String {
        guard dropped > 0 else { return String(decoding: head + tail, as: UTF8.self) }
        return String(decoding: head, as: UTF8.self)
            + "\n[\(dropped) bytes of output left out]\n"
            + String(decoding: tail, as: UTF8.self)
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        let room = limit / 2 - head.count
        head.append(contentsOf: bytes.prefix(max(0, room)))
        tail.append(contentsOf: bytes.dropFirst(max(0, room)))
        // Cut only at twice the limit, so that not every piece of a long output moves it in memory.
        if tail.count > limit { cutTail() }
    }

    private mutating func cutTail() {
        let excess = tail.count - (limit - limit / 2)
        tail.removeFirst(excess)
        dropped += excess
    }

    private mutating func cutLines(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || line.count == Self.longestLine { emitLine() }
            if byte != UInt8(ascii: "\n") { line.append(byte) }
        }
    }

    private mutating func emitLine() {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        onLine?(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
    }
}
