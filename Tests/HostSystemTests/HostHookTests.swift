import BlueGreen
import Glibc
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import HostSystem

@Suite("Hooks on the host")
struct HostHookTests {
    private let circumstances = HookCircumstances(
        point: .beforeStart, candidate: Placement(colour: .green, release: Sample.release(2)),
        previous: nil, label: "v2")

    private func runner(in directory: String = "/srv/shop") -> HostHookRunner {
        HostHookRunner(
            app: "shop", directory: directory, runner: SubprocessCommandRunner(),
            traces: HookTraceFile(path: "/nowhere/hook"))
    }

    @Test("A hook runs in the folder of teal.yml, from which relative programs count too")
    func command() {
        let hook = Hook(["./login.sh", "a b"], timeout: .seconds(7))
        let command = runner().command(for: hook, circumstances)
        #expect(command.executable == "/srv/shop/./login.sh")
        #expect(command.arguments == ["a b"])
        #expect(command.workingDirectory == "/srv/shop")
        #expect(command.timeLimit == .seconds(7))
        #expect(command.environment["TEAL_LABEL"] == "v2")
        #expect(runner().command(for: Hook(["aws"]), circumstances).executable == "aws")
        #expect(runner().command(for: Hook(["/bin/aws"]), circumstances).executable == "/bin/aws")
    }

    @Test("A hook gets its words as they are, and the environment of the caller and of Teal")
    func runs() async throws {
        let lines = Mutex<[String]>([])
        let script = "echo \"$1|$TEAL_APP|$TEAL_COLOUR|$TEAL_PREVIOUS_RELEASE|$PWD\"; exit 5"
        let ending = try await runner(in: "/").run(
            Hook(["sh", "-c", script, "sh", "a  b;$x"]), circumstances,
            onLine: { line in lines.withLock { $0.append(line) } })
        #expect(ending == .exited(5))
        #expect(lines.withLock { $0 } == ["a  b;$x|shop|green||/"])
    }

    @Test("A process with the mark is ended, in a session of its own and deaf to SIGTERM too")
    func remains() async throws {
        let folder = try TemporaryFolder()
        let traces = HookTraceFile(path: "\(folder.path)/hook", grace: .milliseconds(100))
        #expect(try await traces.endRemains().isEmpty)
        var marked = circumstances
        marked.mark = folder.path
        try traces.begin(marked.mark)
        let script = """
            trap '' TERM
            setsid sh -c 'trap "" TERM; while :; do sleep 9; done' >/dev/null 2>&1 &
            echo $!
            """
        let pids = Mutex<[String]>([])
        _ = try await runner(in: "/").run(
            Hook(["sh", "-c", script]), marked, onLine: { line in pids.withLock { $0 = [line] } })
        let ended = try await traces.endRemains()
        #expect(!ended.isEmpty)
        #expect(!FileSystem().exists("\(folder.path)/hook"))
        try traces.begin(marked.mark)
        #expect(try await traces.endRemains().isEmpty)
    }

    @Test("A file that may not be executed is told apart from one that is not there")
    func notExecutable() async throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("#!/bin/sh\n", to: "\(folder.path)/hook", access: .ownerOnly)
        await #expect(throws: HostError.notExecutable("\(folder.path)/./hook")) {
            try await runner(in: folder.path).run(
                Hook(["./hook"]), circumstances, onLine: { _ in })
        }
        try AtomicFile.write("#!/no/such/sh\n", to: "\(folder.path)/hook", access: .ownerOnly)
        chmod("\(folder.path)/hook", 0o700)
        await #expect(
            throws: HostError.programNotStarted(
                "\(folder.path)/./hook",
                reason: "the program that its first line names is not there")
        ) {
            try await runner(in: folder.path).run(
                Hook(["./hook"]), circumstances, onLine: { _ in })
        }
    }

    @Test("A program that is not there is told by its name")
    func missing() async {
        await #expect(throws: HostError.programNotFound("/srv/shop/./no-such")) {
            try await runner().run(Hook(["./no-such"]), circumstances, onLine: { _ in })
        }
    }
}
