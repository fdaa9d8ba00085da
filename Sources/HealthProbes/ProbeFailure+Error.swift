import BlueGreen
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ProbeFailure {
    /// - Parameters:
    ///   - port: of the replica.
    ///   - timeout: what the probe was allowed in all.
    init(_ error: any Error, port: Int, timeout: Duration) {
        switch error {
        case let error as IOError:
            self = Self.failure(errno: error.errnoCode, port: port, error)
        case let error as ChannelError:
            if case .connectTimeout = error {
                self = .timedOut(timeout)
            } else {
                self = .noAnswer
            }
        case HTTPParserError.headerOverflow:
            self = .other("the headers of the answer are longer than 80 KB")
        case is CancellationError:
            self = .other("the probe was cancelled")
        default:
            self = .other("\(error)")
        }
    }

    private static func failure(errno: CInt, port: Int, _ error: IOError) -> ProbeFailure {
        switch errno {
        case ECONNREFUSED: .refused(port: port)
        case ECONNRESET, EPIPE, ENOTCONN: .noAnswer
        case EHOSTUNREACH: .other("there is no route to its address")
        case ENETUNREACH: .other("its network cannot be reached")
        case EMFILE, ENFILE: .other("Teal has too many files open")
        default: .other("\(error)")
        }
    }
}
