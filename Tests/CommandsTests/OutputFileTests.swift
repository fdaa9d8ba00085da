import BlueGreen
import Dispatch
import Glibc
import HostSystem
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import Commands

@Suite("Output that outlives its reader")
struct OutputFileTests {
    @Test("A reader that is gone takes nothing from the run")
    func brokenPipe() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let channel = OutputChannel(descriptor: ends[1], patience: nil)
        channel.write("nobody reads this\n")
        #expect(channel.loss == nil)
        close(ends[1])
        #expect(!channel.isTerminal)
    }

    /// It is longer than one write, and shorter than what a pipe holds.
    @Test("All of a long text arrives")
    func longText() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let text = String(repeating: "line of a log\n", count: 3000)
        let (reading, writing) = (ends[0], ends[1])
        OutputChannel(descriptor: writing, patience: .zero).write(text)
        close(writing)
        #expect(Self.readAll(reading) == text)
        close(reading)
    }

    /// It is longer than what a pipe holds.
    @Test("A result waits for a slow reader, and all of it arrives")
    func slowReader() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let text = String(repeating: "line of a history\n", count: 20_000)
        let (reading, writing) = (ends[0], ends[1])
        let read = Mutex("")
        let reader = DispatchGroup()
        DispatchQueue.global().async(group: reader) {
            let all = Self.readAll(reading)
            read.withLock { $0 = all }
        }
        let channel = OutputChannel(descriptor: writing, patience: nil)
        channel.write(text)
        close(writing)
        reader.wait()
        #expect(read.withLock { $0 } == text)
        #expect(channel.loss == nil)
        close(reading)
    }

    @Test("A terminal whose session was lost takes nothing from the run")
    func lostTerminal() throws {
        var (main, terminal): (CInt, CInt) = (-1, -1)
        #expect(openpty(&main, &terminal, nil, nil, nil) == 0)
        close(main)
        let channel = OutputChannel(descriptor: terminal, patience: nil)
        channel.write("nobody reads this\n")
        #expect(channel.loss == nil)
        close(terminal)
    }

    @Test("What a reader does not take, and what a full disk does not, is remembered as lost")
    func lost() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let channel = OutputChannel(descriptor: ends[1], patience: .zero)
        channel.write(String(repeating: "x", count: 200_000))
        #expect(channel.loss?.hasPrefix("its reader took nothing") == true)
        ends.forEach { close($0) }
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let disk = OutputChannel(descriptor: full, patience: nil)
        disk.write("x")
        #expect(disk.loss == "No space left on device")
    }

    @Test("The log of a run stands under its number, for its owner alone")
    func runLog() throws {
        let folder = try TemporaryFolder()
        let log = RunLog(folder: folder.path + "/log", clock: ManualClock())
        log.report(.note("recovering"))
        log.report(.began(Sample.deployment()))
        log.report(.output("::x"))
        log.append("the end\n")
        let text = try FileSystem().readText(folder.path + "/log/1.log")
        #expect(
            text == """
                2026-11-20T21:34:05Z recovering
                2026-11-20T21:34:05Z deployment 1: deploying release 20261120-213407-0002 \
                to blue; nothing has traffic yet
                2026-11-20T21:34:05Z   | ::x
                the end

                """)
        var status = stat()
        #expect(stat(folder.path + "/log/1.log", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(log.wholePath(of: 1) == folder.path + "/log/1.log")
    }

    @Test("What hooks print before a run has its number stands in its log whole")
    func longBeginning() throws {
        let folder = try TemporaryFolder()
        let log = RunLog(folder: folder.path + "/log", clock: ManualClock())
        let line = String(repeating: "x", count: 900)
        for _ in 1...1000 { log.report(.output(line)) }
        log.report(.note("the last"))
        log.report(.began(Sample.deployment()))
        let text = try FileSystem().readText(folder.path + "/log/1.log")
        #expect(text.utf8.count > 900_000)
        #expect(text.contains("Z the last\n"))
    }

    @Test("A log that cannot be written takes nothing from the run")
    func noLog() {
        let log = RunLog(folder: "/proc/nowhere", clock: ManualClock())
        log.report(.began(Sample.deployment()))
        log.report(.note("goes nowhere"))
        log.append("as this\n")
        #expect(log.wholePath(of: 1) == nil)
    }

    /// The runtime's own descriptors would take the numbers of those that are closed.
    @Test(
        "A program that is started without standard descriptors does its work, and ends",
        arguments: [">&-", "<&- >&- 2>&-", "2>&-", "<&-"])
    func closedDescriptors(_ closing: String) async throws {
        let own = try FileSystem().linkTarget(at: "/proc/self/exe") ?? ""
        let teal = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/teal"
        let command = Command(
            "timeout", ["60", "sh", "-c", "\"$0\" init --explain \(closing)", teal])
        let result = try await SubprocessCommandRunner().run(command)
        #expect(result.succeeded, "\(result)")
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece.prefix(count)
        }
    }
}
