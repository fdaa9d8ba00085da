import Glibc
import SystemPackage

extension HostError {
    /// - Parameter act: a verb with its object, as in `HostError.file`.
    init(_ errno: Errno, path: String, act: String) {
        switch errno {
        case .noSpace, Errno(rawValue: EDQUOT): self = .noRoom(path: path)
        default: self = .file(path: path, act: act, reason: errno.description)
        }
    }

    /// For the C call that has just failed.
    static func last(path: String, act: String) -> HostError {
        HostError(Errno(rawValue: errno), path: path, act: act)
    }

    /// Runs calls of swift-system, whose only error is `Errno`.
    static func translating<Result>(
        path: String, act: String, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch let errno as Errno {
            throw HostError(errno, path: path, act: act)
        }
    }
}
