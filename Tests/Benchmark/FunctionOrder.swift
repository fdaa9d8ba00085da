import HostSystem
import TestSupport

/// The order of the functions in a release program: those that the verbs run through lie together,
/// those of most verbs first. The kernel reads a program's code in pieces of 64 KB, and without an
/// order nearly each piece has something that `teal status` needs.
struct FunctionOrder {
    /// One mangled name a line; the linker skips those that are gone.
    static let path = ".ci/packaging/functions.txt"

    private static let verbs = [
        ["status"], ["history"], ["check"], ["plan"], ["probe"], ["deploy"], ["rollback"],
    ]

    private let runner = SubprocessCommandRunner()

    func write() async throws {
        var uses: [String: Int] = [:]
        try await Stage.withBothColours("benchorder", live: "live") { story in
            var command = story.tealCommand(["status"])
            let program = story.folder + "/teal"
            // The tracer cannot read what debuggers read.
            try await run("objcopy", ["--strip-debug", command.executable, program])
            for verb in Self.verbs {
                command.arguments = verb + ["--config", story.project + "/teal.yml"]
                for name in try await trace(program, command, [], story) {
                    uses[name, default: 0] += 1
                }
            }
            command.arguments = ["watch"]
            let watched = try await trace(
                program, command, ["timeout", "--preserve-status", "60"], story)
            for name in watched { uses[name, default: 0] += 1 }
        }
        let names = uses.keys.sorted { (-uses[$0, default: 0], $0) < (-uses[$1, default: 0], $1) }
        try AtomicFile.write(
            names.joined(separator: "\n") + "\n", to: Self.path, access: .everyoneReads)
        var table = Table("verbs", "functions")
        table.add("\(Self.verbs.count + 1)", "\(names.count)")
        table.print(title: "Functions that the verbs run through, in \(Self.path)")
    }

    /// - Returns: the names of the program's own functions that ran.
    private func trace(
        _ program: String, _ command: Command, _ before: [String], _ story: Story
    ) async throws -> Set<String> {
        let output = story.folder + "/trace"
        var traced = command
        let words =
            before + [
                "valgrind", "--tool=callgrind", "--demangle=no", "--compress-strings=no",
                "--callgrind-out-file=\(output)", program,
            ]
        (traced.executable, traced.arguments) = ("env", words + command.arguments)
        let result = try await runner.run(traced)
        guard result.succeeded else { throw BenchmarkError.notTraced(result.standardError) }
        return Self.functions(of: program, in: try FileSystem().readText(output))
    }

    private static func functions(of program: String, in trace: String) -> Set<String> {
        var (names, isOwn) = (Set<String>(), false)
        for line in trace.split(separator: "\n") {
            if line.hasPrefix("ob=") { isOwn = line.dropFirst(3) == program }
            guard isOwn, line.hasPrefix("fn=") else { continue }
            // `'2` tells one cycle of calls from another. Functions without a name are addresses.
            let name = line.dropFirst(3).prefix { $0 != "'" }
            if let first = name.first, first.isLetter || "_$".contains(first) {
                names.insert(String(name))
            }
        }
        return names
    }

    private func run(_ executable: String, _ arguments: [String]) async throws {
        let result = try await runner.run(
            Command(executable, arguments, timeLimit: .seconds(120)))
        guard result.succeeded else { throw BenchmarkError.notTraced(result.standardError) }
    }
}
