import BlueGreen
import Glibc
import TestSupport
import Testing

@testable import HostSystem

@Suite("Programs of a killed run")
struct OrphanedProgramTests {
    /// In a session of its own, deaf to SIGTERM, with a child of its own in yet another session.
    private static let script = """
        trap '' TERM
        setsid sh -c 'trap "" TERM; sleep 99; sleep 98' >/dev/null 2>&1 &
        (trap '' TERM; sleep 97; sleep 96) >/dev/null 2>&1 &
        echo $!
        """

    @Test("A program carries the run that has started it, and one of the user's does not")
    func mark() async throws {
        var command = Command("sh", ["-c", "echo $TEAL_STARTED_BY"])
        let owner = try #require(ProgramOwner.present)
        #expect(try await output(of: command) == owner.text)
        #expect(ProgramOwner(text: owner.text) == owner)
        #expect(!owner.isGone)
        command.orphan = .left
        #expect(try await output(of: command).isEmpty)
    }

    @Test(
        "A run whose number was given to another process is gone, one of another host is not known")
    func gone() throws {
        let owner = try #require(ProgramOwner.present)
        let reused = ProgramOwner(
            namespace: owner.namespace, pid: owner.pid, startedAt: owner.startedAt - 1)
        #expect(reused.isGone)
        let elsewhere = ProgramOwner(namespace: "pid:[1]", pid: owner.pid, startedAt: 1)
        #expect(!elsewhere.isGone)
        #expect(ProgramOwner(text: "x/y") == nil)
    }

    @Test("The programs of a run that is gone are ended with their children, and of no other")
    func ends() async throws {
        let owner = try #require(ProgramOwner.present)
        // As it stands in the environment of what a killed run had started.
        let killed = ProgramOwner(
            namespace: owner.namespace, pid: owner.pid, startedAt: owner.startedAt - 1)
        var orphan = Command("sh", ["-c", Self.script])
        orphan.orphan = .left
        orphan.environment = [ProgramOwner.variable: killed.text]
        let own = Command("sh", ["-c", "sleep 995 >/dev/null 2>&1 & echo $!"])
        let survivor = try #require(pid_t(try await output(of: own)))
        let victim = try #require(pid_t(try await output(of: orphan)))
        let ended = try await OrphanedPrograms.end(grace: .milliseconds(50))
        #expect(ended.contains(Int(victim)) && !ended.contains(Int(survivor)))
        #expect(ended.count >= 3)
        #expect(kill(survivor, SIGKILL) == 0)
        #expect(try await OrphanedPrograms.end().isEmpty)
    }

    @Test("A program ends with its group at once where the process that holds its leash dies")
    func leash() async throws {
        // In a session of its own, as each program that is run.
        let start = Command("sh", ["-c", "setsid sh -c 'sleep 94; sleep 93' >/dev/null & echo $!"])
        let group = try #require(pid_t(try await output(of: start)))
        while getsid(group) != group { try await Task.sleep(for: .milliseconds(1)) }
        ProgramLeash(on: group)?.release()
        #expect(kill(-group, 0) == 0)
        let leash = try #require(ProgramLeash(on: group))
        leash.pull()
        while kill(-group, 0) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(errno == ESRCH)
    }

    private func output(of command: Command) async throws -> String {
        try await SubprocessCommandRunner().run(command).standardOutput.trimmed
    }
}
