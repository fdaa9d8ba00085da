import BlueGreen
import Glibc
import Synchronization

/// Standard output or error. Its reader may be gone: a lost ssh session, a cancelled job. No run
/// fails because of that. What a reader that is there did not get is remembered.
final class OutputChannel: Sendable {
    private struct State {
        /// Whether the last reader kept up; one that does not is not waited for again.
        var isTakingUp = true
        var loss: String?
    }

    private let descriptor: Int32
    /// How long a reader that takes nothing is waited for; nil is for as long as it lives.
    private let patience: Duration?
    private let state = Mutex(State())

    /// The result of a verb that only looks: it waits as any program does, for `less` too.
    static let standardOutput = OutputChannel(descriptor: STDOUT_FILENO, patience: nil)
    /// The result of a verb that holds an app's lock.
    static let standardOutputOfRun = OutputChannel(
        descriptor: STDOUT_FILENO, patience: .seconds(10))
    /// Progress. A run goes on without its reader, and into its log.
    static let standardError = OutputChannel(descriptor: STDERR_FILENO, patience: .seconds(2))

    init(descriptor: Int32, patience: Duration?) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// Why a part of what was written is lost; nil while all of it was taken, or where nobody is
    /// there to take it.
    var loss: String? { state.withLock { $0.loss } }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    private var isFile: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The terminal's; 80 columns and 24 rows where it does not say.
    var size: LadderText.Size {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else {
            return LadderText.Size(columns: 80, rows: 24)
        }
        return LadderText.Size(
            columns: size.ws_col > 0 ? Int(size.ws_col) : 80,
            rows: size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    /// Writes the whole text, or what of it the reader takes.
    func write(_ text: String) {
        state.withLock { state in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                switch write(rest, patience: state.isTakingUp ? patience : .zero) {
                case .taken(let count):
                    state.isTakingUp = true
                    rest = rest.dropFirst(count)
                case .gone: return
                case .lost(let reason):
                    state.isTakingUp = false
                    state.loss = state.loss ?? reason
                    return
                }
            }
        }
    }

    private enum Outcome {
        case taken(Int)
        /// Nobody reads any more.
        case gone
        case lost(String)
    }

    private func write(_ bytes: ArraySlice<UInt8>, patience: Duration?) -> Outcome {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = poll(&request, 1, patience.map { Int32($0.wholeMilliseconds) } ?? -1)
            if ready < 0 && errno == EINTR { continue }
            guard ready > 0 else {
                return .lost("its reader took nothing for \((self.patience ?? .zero).text)")
            }
            // So many bytes fit into a pipe that polls as writable, hence this never blocks.
            let piece = bytes.prefix(4096)
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { return .taken(count) }
            switch errno {
            case EINTR, EAGAIN: continue
            case EPIPE, ECONNRESET: return .gone
            // A terminal whose session is lost says so like a broken disk.
            case EIO where !isFile: return .gone
            case let code: return .lost(String(cString: strerror(code)))
            }
        }
    }
}
