import HostSystem

/// A POST whose body ends when the test wants it to: nginx has chosen by then who gets it, and has
/// not sent it on.
package struct HeldUpload: Sendable {
    /// How the request tells where its body ends.
    package enum Framing: String, Sendable, CaseIterable {
        case length
        case chunked
    }

    private let port: Int
    private let path: String
    private let framing: Framing
    private let runner = SubprocessCommandRunner()

    /// The bytes of its body: more than nginx holds in memory.
    package static let size = 80_000

    /// - Parameter port: of a site on loopback.
    package init(port: Int, path: String, _ framing: Framing = .length) {
        self.port = port
        self.path = path
        self.framing = framing
    }

    /// Sends the head and half of the body, then the rest once `meanwhile` has returned.
    package func send(_ meanwhile: () async throws -> Void) async throws -> Answer {
        let folder = try TemporaryFolder()
        try await expect(Command("mkfifo", [folder("chosen"), folder("rest")]))
        async let result = runner.run(
            Command(
                "bash", ["-c", Self.script, folder.path, "\(port)", path, framing.rawValue],
                timeLimit: .seconds(200)))
        let chosen = try await runner.run(
            Command("cat", [folder("chosen")], timeLimit: .seconds(20)))
        guard chosen.standardOutput == "yes\n" else {
            throw StoryError.unexpected("the first half of POST \(path)", try await result)
        }
        do {
            try await meanwhile()
        } catch {
            try await release(folder)
            throw error
        }
        try await release(folder)
        let ended = try await result
        guard ended.succeeded, let answer = Answer(ended.standardOutput) else {
            throw StoryError.unexpected("POST \(path)", ended)
        }
        return answer
    }

    private func release(_ folder: TemporaryFolder) async throws {
        try await expect(
            Command("bash", ["-c", "echo >\"$0\"", folder("rest")], timeLimit: .seconds(20)))
    }

    private func expect(_ command: Command) async throws {
        let result = try await runner.run(command)
        guard result.succeeded else { throw StoryError.unexpected("\(command)", result) }
    }

    /// nginx says "100 Continue" when it has read the head and is about to read the body.
    private static let script = """
        trap 'echo no >"$0/chosen"' EXIT
        half() { head -c 40000 /dev/zero | tr '\\0' x; }
        exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
        printf 'POST %s HTTP/1.1\\r\\nHost: shop.example\\r\\nConnection: close\\r\\n' "$2" >&3
        if [ "$3" = chunked ]; then
            printf 'Transfer-Encoding: chunked\\r\\nExpect: 100-continue\\r\\n\\r\\n' >&3
            piece() { printf '9c40\\r\\n'; half; printf '\\r\\n'; }
        else
            printf 'Content-Length: 80000\\r\\nExpect: 100-continue\\r\\n\\r\\n' >&3
            piece() { half; }
        fi
        IFS= read -r line <&3
        case "$line" in *' 100 '*) ;; *) printf '%s\\n' "$line" >&2; exit 2 ;; esac
        IFS= read -r line <&3
        trap - EXIT
        piece >&3
        echo yes >"$0/chosen"
        cat "$0/rest" >/dev/null
        piece >&3
        [ "$3" = length ] || printf '0\\r\\n\\r\\n' >&3
        cat <&3
        """
}
