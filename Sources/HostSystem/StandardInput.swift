import Glibc
import SystemPackage

/// What a program reads as its standard input.
///
/// A text stands in the pipe, whole, before the program starts: one that ends without reading it
/// costs no SIGPIPE, which writing beside a running program would.
enum StandardInput {
    /// The caller closes it.
    ///
    /// - Parameter text: at most 64 KiB, what a pipe of Linux holds; nil is `/dev/null`.
    static func open(_ text: String?) throws -> FileDescriptor {
        do {
            guard let text else {
                return try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
            }
            return try filledPipe(text)
        } catch let error as Errno {
            throw HostError.file(
                path: "a program's standard input", act: "prepare", reason: "\(error)")
        }
    }

    private static func filledPipe(_ text: String) throws -> FileDescriptor {
        let (reader, writer) = try FileDescriptor.pipe()
        do {
            try writer.closeAfter {
                for end in [reader, writer] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
                // More than the pipe holds is an error instead of a wait without end.
                _ = fcntl(writer.rawValue, F_SETFL, O_NONBLOCK)
                try writer.writeAll(text.utf8)
            }
        } catch {
            // The first error is what counts.
            try? reader.close()
            throw error
        }
        return reader
    }
}
