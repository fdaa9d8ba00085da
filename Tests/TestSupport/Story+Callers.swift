import BlueGreen
package import HostSystem

extension Story {
    /// Runs Teal as an agent does: only PATH and these variables are in the environment.
    package func bare(
        path: String, _ variables: [String], _ arguments: [String]
    ) async throws -> CommandResult {
        let docker = ["DOCKER_HOST", "DOCKER_CONFIG"].map { "\($0)=${\($0)}" }
            .map { "\"\($0)\"" }.joined(separator: " ")
        return try await shell(
            "cd /; exec env -i PATH=\(path) \(docker) TEAL_STATE_DIR=\(folder)/state "
                + variables.map { "'\($0)'" }.joined(separator: " ") + " \"$0\" \"$@\" <&-",
            arguments)
    }

    /// Runs a line of bash in which `"$0" "$@"` is Teal with these arguments.
    package func shell(
        _ line: String, _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> CommandResult {
        let command = tealCommand(arguments, environment)
        return try await tools.runner.run(
            Command(
                "bash", ["-c", line, command.executable] + command.arguments,
                environment: command.environment, workingDirectory: "/",
                timeLimit: .seconds(240)))
    }

    /// Runs Teal and sends it a signal as soon as its progress has a line with this text.
    package func tealUntil(
        _ text: String, signal: String, _ arguments: [String], _ environment: [String: String]
    ) async throws -> CommandResult {
        // The subshell becomes Teal by `exec`, so that the signal reaches Teal and nobody else.
        let line = """
            exec 3>&1
            { echo "$BASHPID" >"$FOLDER/pid"; exec "$0" "$@" 2>&1 >&3 3>&-; } \
                | while IFS= read -r l; do
              printf '%s\\n' "$l" >&2
              case "$l" in *"$WANTED"*) kill -"$SIGNAL" "$(cat "$FOLDER/pid")" 2>/dev/null ;; esac
            done
            code=${PIPESTATUS[0]}
            [ "$code" -lt 128 ] || kill -9 $$
            exit "$code"
            """
        return try await shell(
            line, arguments,
            environment.merging(["FOLDER": folder, "WANTED": text, "SIGNAL": signal]) { $1 })
    }

    /// Returns once a run of Teal holds the app's lock.
    package func untilLocked() async throws {
        try await until("a run holds the lock") {
            let lock = "\(folder)/state/\(app)/lock"
            let result = try await tools.runner.run(
                Command("flock", ["--nonblock", "--shared", lock, "true"]))
            return !result.succeeded
        }
    }

    package func untilVersion(_ version: String) async throws {
        // A server that is just starting may refuse, or cut the connection.
        do {
            try await until("\(version) answers") { (try? await self.version()) == version }
        } catch {
            throw StoryError.unexpected("\(error)", try await rawGet("/version"))
        }
    }

    /// Asks so many times at most, a fifth of a second apart.
    package func until(
        _ what: String, times: Int = 100, _ isSo: () async throws -> Bool
    ) async throws {
        for _ in 1...times {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw StoryError.unreadable("it never came about that \(what)")
    }

    /// A GET whose end is not a matter of course.
    package func rawGet(_ path: String) async throws -> CommandResult {
        try await tools.runner.run(
            Command(
                "curl",
                [
                    "--silent", "--show-error", "--max-time", "60",
                    "http://127.0.0.1:\(port)\(path)",
                ], timeLimit: .seconds(70)))
    }

    /// Puts the state folder on a disk of this size while the body runs.
    package func limitState(to size: String, _ body: () async throws -> Void) async throws {
        let mount = """
            mkdir "$0/kept" && cp -a "$0/state/." "$0/kept/" && \
            mount -t tmpfs -o size="$1",mode=700 tmpfs "$0/state" && cp -a "$0/kept/." "$0/state/"
            """
        try await expect(Command("bash", ["-c", mount, folder, size]))
        do {
            try await body()
        } catch {
            try await expect(Command("umount", [folder + "/state"]))
            throw error
        }
        try await expect(Command("umount", [folder + "/state"]))
    }

    /// Within `limitState`.
    ///
    /// - Parameter access: `ro`, as the kernel does it after a fault of the disk, or `rw`.
    package func remountState(_ access: String) async throws {
        try await expect(
            Command("mount", ["-o", "remount,\(access)", folder + "/state"]))
    }

    /// Makes an image with nothing in it, not even a program to start.
    package func importEmptyImage(_ name: String) async throws {
        let script = "tar --create --file - --files-from /dev/null | docker import - \"$0\""
        try await expect(Command("bash", ["-c", script, name]))
    }

    /// Writes the file until its disk is full.
    package func fill(_ path: String) async throws {
        _ = try await tools.runner.run(
            Command("dd", ["if=/dev/zero", "of=\(path)", "bs=1k", "count=100000"]))
    }

    package func remove(_ path: String) async throws {
        try await expect(Command("rm", ["-f", path]))
    }

    func expect(_ command: Command) async throws {
        let result = try await tools.runner.run(command)
        guard result.succeeded else { throw StoryError.unexpected("\(command)", result) }
    }
}

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

    /// Runs `teal watch` beside the body, ends it by SIGTERM, and hands its end to `reading`.
    ///
    /// - Parameter body: gets what the watch has written so far.
    package func watching(
        _ environment: [String: String] = [:], reading: (CommandResult) throws -> Void,
        _ body: @Sendable (_ log: @escaping @Sendable () throws -> String) async throws -> Void
    ) async throws {
        let (pid, log) = (folder + "/watch.pid", folder + "/watch.log")
        try AtomicFile.write("", to: log, access: .everyoneReads)
        let line = """
            (echo "$BASHPID" >"$PID"; exec "$0" watch >>"$LOG" 2>&1)
            """
        async let run = shell(line, [], environment.merging(["PID": pid, "LOG": log]) { $1 })
        do {
            try await body { try FileSystem().readText(log) }
        } catch {
            try await send("TERM", to: pid)
            let text = (try? FileSystem().readText(log)) ?? ""
            throw StoryError.unreadable("\(error); the watch wrote: \(text)")
        }
        try await send("TERM", to: pid)
        try reading(try await run)
    }

    private func send(_ signal: String, to pid: String) async throws {
        try await expect(Command("bash", ["-c", "kill -\(signal) \"$(cat \"$0\")\"", pid]))
    }
}

extension Story {
    /// Runs `teal init` on the story's compose file.
    package func tealInit(_ arguments: [String] = []) async throws -> CommandResult {
        try await tools.runner.run(
            tools.onSmallHost(
                Command(
                    tools.teal, ["init", "--compose", folder + "/compose.yml"] + arguments,
                    environment: ["TEAL_STATE_DIR": folder + "/state"], workingDirectory: "/")))
    }
}

extension Story {
    /// Runs a command where Teal and nginx of this story run.
    package func run(_ command: Command) async throws -> CommandResult {
        try await tools.runner.run(tools.onSmallHost(command))
    }

    /// A file of this repository, named from its top level.
    package func source(_ path: String) throws -> String {
        try tools.source(path)
    }
}
