import BlueGreen
import Glibc
import Synchronization

/// Standard output or error. Its reader may be gone: a lost ssh session, a cancelled job. No run
/// waits long for the reader, and none fails because of it.
final class OutputChannel: Sendable {
    private let descriptor: Int32
    /// Whether the last reader kept up; one that does not is not waited for again.
    private let isTakingUp = Mutex(true)

    static let standardOutput = OutputChannel(descriptor: STDOUT_FILENO)
    static let standardError = OutputChannel(descriptor: STDERR_FILENO)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal; 80 where it does not say.
    var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes the whole text, or what of it the reader takes within two seconds. A reader that is
    /// gone is no error: the run goes on into its log.
    func write(_ text: String) {
        isTakingUp.withLock { isTakingUp in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = write(rest, patiently: isTakingUp)
                isTakingUp = count > 0
                if count == 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// - Returns: how many bytes were written; 0 where the reader is gone or does not read.
    private func write(_ bytes: ArraySlice<UInt8>, patiently: Bool) -> Int {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = poll(&request, 1, patiently ? 2000 : 0)
            if ready < 0 && errno == EINTR { continue }
            guard ready > 0 else { return 0 }
            // So many bytes fit into a pipe that polls as writable, hence this never blocks.
            let piece = bytes.prefix(4096)
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            return max(0, count)
        }
    }
}
