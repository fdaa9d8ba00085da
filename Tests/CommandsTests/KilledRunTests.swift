import Glibc
import HostSystem
import TestSupport
import Testing

/// The program that this build made, beside a Compose that never ends. No Docker is needed.
@Suite("A Teal that is killed", .timeLimit(.minutes(20)))
struct KilledRunTests {
    private let folder: TemporaryFolder
    private let teal: String

    init() throws {
        let own = try FileSystem().linkTarget(at: "/proc/self/exe") ?? ""
        teal = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/teal"
        folder = try TemporaryFolder()
        let plugins = folder("docker/cli-plugins")
        for path in [plugins, folder("nginx")] {
            try FileSystem().makeFolder(path, access: .ownerOnly)
        }
        try write(
            """
            app: shop
            services: {web: {port: 80}}
            nginx: {directory: \(folder("nginx"))}
            """, to: "teal.yml")
        try write("services: {web: {image: x}}", to: "compose.yml")
        try write(
            """
            #!/bin/sh
            case "$*" in *version*) echo 2.26.1; exit ;; esac
            sleep 300 &
            echo $$ $! >child
            while :; do sleep 0.1; done
            """, to: "docker/cli-plugins/docker-compose")
        chmod("\(plugins)/docker-compose", 0o700)
    }

    @Test("It takes the program along that it waits for, with that one's children")
    func program() async throws {
        // The kernel shows by a flag of a descriptor (O_ASYNC) that it keeps watch.
        let result = try await run(
            """
            "$0" check >/dev/null 2>&1 & teal=$!
            until [ -s child ] && grep -qs '^flags:[^0-9]*[0-9]*2[0-9]\\{4\\}$' /proc/$teal/fdinfo/*
            do sleep 0.02; done
            kill -KILL $teal; wait $teal
            cat child
            """)
        let pids = result.standardOutput.split { $0.isWhitespace }.compactMap { pid_t($0) }
        #expect(pids.count == 2, "\(result)")
        for pid in pids {
            let hasEnded = try await hasEnded(pid)
            #expect(hasEnded, "\(pid) runs on: \(result)")
            if !hasEnded { kill(pid, SIGKILL) }
        }
    }

    /// The kernel ends it as soon as it can, which takes a busy host at most some seconds.
    private func hasEnded(_ pid: pid_t) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while try isRunning(pid) {
            if ContinuousClock.now > end { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    @Test("What escaped that is ended, and told, by the next command that writes")
    func escaped() async throws {
        let result = try await run(
            """
            TEAL_STARTED_BY="$(readlink /proc/self/ns/pid)/4194304/1" sleep 300 >/dev/null 2>&1 &
            echo $!
            until grep -qs TEAL_STARTED_BY /proc/$!/environ; do sleep 0.02; done
            "$0" resume >/dev/null
            """)
        let pid = try #require(pid_t(result.standardOutput.trimmed))
        #expect(
            result.standardError.contains("A run of Teal was killed")
                && result.standardError.contains("processes \(pid)"), "\(result)")
        #expect(try !isRunning(pid))
    }

    private func run(_ script: String) async throws -> CommandResult {
        var command = Command("sh", ["-c", script, teal], workingDirectory: folder.path)
        command.environment = [
            "DOCKER_CONFIG": folder("docker"), "DOCKER_HOST": "unix:///nowhere/docker.sock",
            "TEAL_STATE_DIR": folder("state"),
        ]
        return try await SubprocessCommandRunner().run(command)
    }

    /// A zombie has ended.
    private func isRunning(_ pid: pid_t) throws -> Bool {
        guard kill(pid, 0) == 0 else { return false }
        // It may be gone by now.
        let status = try? FileSystem().readText("/proc/\(pid)/stat")
        return status.map { !$0.contains(") Z ") } ?? false
    }

    private func write(_ text: String, to name: String) throws {
        try AtomicFile.write(text, to: folder(name), access: .everyoneReads)
    }
}
