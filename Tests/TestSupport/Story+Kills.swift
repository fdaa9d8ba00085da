import BlueGreen
package import HostSystem

/// Where a run of Teal is killed: a while after it has told something for the n-th time.
package struct KillSpot: Hashable, Sendable {
    /// 0 for the beginning of the run.
    package let line: Int
    package let pause: Duration

    package init(line: Int, pause: Duration) {
        self.line = line
        self.pause = pause
    }

    /// No run tells so many lines.
    package static let never = KillSpot(line: .max, pause: .zero)
}

extension Story {
    /// Runs Teal and kills it there; a run that has ended by then is left alone.
    package func tealKilled(
        at spot: KillSpot, _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> CommandResult {
        let pid = folder + "/killed"
        try await remove(pid)
        // The subshell becomes Teal by `exec`, so that the signal reaches Teal and nobody else.
        let script = """
            exec 3>&1
            strike() { sleep "$PAUSE"; kill -KILL "$(cat "$PID")" 2>/dev/null; }
            { echo "$BASHPID" >"$PID"; exec "$0" "$@" 2>&1 >&3 3>&-; } | {
                n=0
                if [ "$LINE" -eq 0 ]; then until [ -s "$PID" ]; do :; done; strike; fi
                while IFS= read -r l; do
                    printf '%s\\n' "$l" >&2
                    n=$((n + 1))
                    [ "$n" -ne "$LINE" ] || strike
                done
            }
            code=${PIPESTATUS[0]}
            [ "$code" -ne 137 ] || kill -9 $$
            exit "$code"
            """
        let milliseconds = "\(1000 + spot.pause.wholeMilliseconds % 1000)".dropFirst()
        let place = [
            "PID": pid, "LINE": "\(spot.line)",
            "PAUSE": "\(spot.pause.wholeMilliseconds / 1000).\(milliseconds)",
        ]
        return try await shell(script, arguments, environment.merging(place) { $1 })
    }

    /// All that a killed run has left, a line each: containers and networks, half-made files, and
    /// programs that Teal had started.
    ///
    /// - Parameter besideColours: whether the app's two colours may be there.
    package func leftovers(besideColours: Bool) async throws -> [String] {
        let colours = besideColours ? "\(app)-(blue|green)" : "none"
        let script = """
            docker ps --all --filter label=teal.app="$0" --format '{{.Names}} {{.State}}' \\
                | grep -vE "^$2-web-1 (running|exited)$"
            docker network ls --filter label=teal.app="$0" --format '{{.Name}}' | grep -vxE "$2"
            find "$1/nginx/teal" "$1/state" \\( -name '.previous*' -o -name '.*.proof' \\
                -o -name '.*.new' \\)
            exec 2>/dev/null
            for p in /proc/[0-9]*; do
                tr '\\0' '\\n' <"$p/environ" | grep -qxF "TEAL_STATE_DIR=$1/state" \\
                    && [ "${p#/proc/}" -ne $$ ] && tr '\\0' ' ' <"$p/cmdline" && echo
            done
            true
            """
        let result = try await tools.runner.run(
            Command("bash", ["-c", script, app, folder, colours], timeLimit: .seconds(60)))
        guard result.succeeded else { throw StoryError.unexpected("looking for leftovers", result) }
        return result.standardOutput.split(separator: "\n").map(String.init)
    }
}
