import BlueGreen
import Orchestration

/// The mark of the running hook in a file, and the processes that carry it in their environment.
package struct HookTraceFile: HookTraces {
    private let path: String
    private let grace: Duration

    /// - Parameter grace: from SIGTERM to SIGKILL.
    package init(path: String, grace: Duration = .seconds(2)) {
        self.path = path
        self.grace = grace
    }

    package func begin(_ mark: String) throws {
        try AtomicFile.write(mark, to: path, access: .ownerOnly)
    }

    package func forget() throws {
        try FileSystem().removeTree(path)
    }

    package func endRemains() async throws -> [Int] {
        guard let mark = try FileSystem().readTextIfPresent(path), !mark.isEmpty else { return [] }
        // Nothing of the hook may run beside the next step.
        let processes = MarkedProcesses(variable: HookCircumstances.markName) { $0 == mark }
        let ended = try await uninterrupted { try await processes.end(grace: grace) }
        try forget()
        return ended
    }
}
