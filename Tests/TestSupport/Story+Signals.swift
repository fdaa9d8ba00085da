package import HostSystem

extension Story {
    /// Runs Teal beside the body, sends it a signal when the body has ended, and hands its end to
    /// `reading`.
    package func tealDuring(
        _ arguments: [String], _ environment: [String: String], signal: String,
        reading: (CommandResult) throws -> Void, _ body: @Sendable () async throws -> Void
    ) async throws {
        let pid = folder + "/during"
        try await remove(pid)
        // The subshell becomes Teal by `exec`, so that the signal reaches Teal and nobody else.
        let line = """
            (echo "$BASHPID" >"$PID"; exec "$0" "$@")
            code=$?
            [ "$code" -ne 137 ] || kill -9 $$
            exit "$code"
            """
        async let run = shell(line, arguments, environment.merging(["PID": pid]) { $1 })
        do {
            try await body()
        } catch {
            try await send(signal, to: pid)
            throw error
        }
        try await send(signal, to: pid)
        try reading(try await run)
    }

    private func send(_ signal: String, to pid: String) async throws {
        try await expect(Command("bash", ["-c", "kill -\(signal) \"$(cat \"$0\")\"", pid]))
    }
}
