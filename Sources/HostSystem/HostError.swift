import Glibc
package import Orchestration
import SystemPackage

/// A refusal of the host itself.
package enum HostError: Error, Hashable, Sendable, CustomStringConvertible {
    case programNotFound(String)
    case programNotStarted(String, reason: String)
    /// `act` is a verb with its object, "write", "create the folder".
    case file(path: String, act: String, reason: String)
    /// The user who runs Teal may not do it; whether the path is there may be unknown.
    case denied(path: String, act: String)
    case noRoom(path: String)
    /// Its file system is, as after a fault of the disk.
    case readOnly(path: String)
    case locked(by: LockHolder?)
    /// By the processes' numbers.
    case processesNotEnded([Int])
    case notExecutable(String)

    package var description: String {
        switch self {
        case .programNotFound(let name):
            "The program \(name) was not found in PATH or the system's sbin folders. "
                + "Install it, or check the name."
        case .programNotStarted(let name, let reason):
            "The program \(name) could not be started: \(reason)."
        case .file(let path, let act, let reason):
            "Could not \(act) \(path): \(reason)."
        case .denied(let path, let act):
            "Could not \(act) \(path): permission denied. Next: run it as root, or as the user "
                + "whose file that is."
        case .noRoom(let path):
            "The disk is full: \(path) could not be written. Free some space and run it again."
        case .readOnly(let path): "\(path) \(ReadOnlyDisk.predicate(path))"
        case .locked(let holder):
            "Another run of Teal holds this app"
                + (holder.map { ": \($0.description)" } ?? "") + ". "
                + "Wait for it, or give --wait-lock 10m."
        case .processesNotEnded(let numbers):
            "What a killed run left running could not be ended: "
                + "\(numbers.count == 1 ? "process" : "processes") "
                + numbers.map(String.init).joined(separator: ", ")
                + ". End that by hand, and run this again."
        case .notExecutable(let path):
            "\(path) is there, but is no file that may be executed. "
                + "Next: `chmod +x` it, or give its interpreter as the first word."
        }
    }
}

extension HostError {
    /// - Parameter act: a verb with its object, as in `HostError.file`.
    init(_ errno: Errno, path: String, act: String) {
        switch errno {
        case .noSpace, Errno(rawValue: EDQUOT): self = .noRoom(path: path)
        case .permissionDenied: self = .denied(path: path, act: act)
        case .readOnlyFileSystem: self = .readOnly(path: path)
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
