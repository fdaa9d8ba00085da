import BlueGreen

/// An OOM kill told with its reason: the container's own limit, or the host's memory.
struct OutOfMemory: Sendable {
    private let replica: Replica
    private let exitCode: Int?
    /// nil where it is not the reason.
    private let limit: ByteCount?
    private let left: String?

    /// - Parameters:
    ///   - limit: of the container; nil where it has none or nothing is known of it.
    ///   - least: the host when it had the least memory.
    ///   - memoryFree: a host with less than this was short of memory itself.
    init(
        _ ending: ContainerEnding, limit: ByteCount?, least: HostSample?, memoryFree: ByteCount
    ) {
        replica = ending.replica
        exitCode = ending.exitCode
        let isHostShort = least.map { $0.memoryLeft < memoryFree } ?? false
        self.limit = isHostShort ? nil : limit
        left = least.map { sample in
            let size = max(sample.memoryLeft, .zero).text
            return isHostShort
                ? "the host had \(size) of memory left" : "the host has \(size) of memory left now"
        }
    }

    var cause: Failure.Cause { .outOfMemory(replica, limit: limit) }

    /// What happened to the container, as a predicate to its name.
    ///
    /// - Parameter moment: `12 s after green got traffic`.
    func predicate(_ moment: String) -> String {
        let moment = moment.isEmpty ? "" : " " + moment
        let figures = limit.map { "its memory limit is \($0.text)" } ?? left
        return switch exitCode {
        case nil:
            "ran out of memory and had a process OOM-killed\(moment)" + appended(figures, ": ")
        case 137?:
            "ran out of memory and was OOM-killed (exit code 137)\(moment)"
                + appended(figures, ": ")
        case let code?:
            "ended with exit code \(code)\(moment): it ran out of memory, and one of its "
                + "processes was OOM-killed" + appended(figures, "; ")
        }
    }

    private func appended(_ figures: String?, _ separator: String) -> String {
        (figures.map { separator + $0 } ?? "") + "."
    }
}

extension Ports {
    /// The host as it is now; nil where it cannot be read, which the words of a kill do without.
    func hostNow() async throws -> HostSample? {
        do {
            return try await gauge.sample()
        } catch let error where !(error is CancellationError) {
            return nil
        }
    }

    /// The last lines of the container; none where they cannot be had. The failure that they are
    /// shown with is worth more than the lines.
    func lastLines(of container: Container?) async throws -> [String] {
        guard let container else { return [] }
        do {
            return try await engine.logs(of: container, lines: DeployedReplica.logLines)
        } catch let error where !(error is CancellationError) {
            return []
        }
    }
}
