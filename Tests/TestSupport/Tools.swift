import BlueGreen
package import HostSystem
import LoadReport

/// The programs that stories and benchmarks run: the ones that this build made, and the host's.
package struct Tools: Sendable {
    package let teal: String
    package let load: String
    package let runner = SubprocessCommandRunner()
    private let root: String
    private let files = FileSystem()

    /// The programs lie beside the one that asks, in the folder of the build.
    package static func find(source: String = #filePath) throws -> Tools {
        let own = try FileSystem().linkTarget(at: "/proc/self/exe") ?? ""
        let folder = own.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let root = source.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let tools = Tools(
            teal: folder + "/teal", load: folder + "/load",
            root: root)
        for program in [tools.teal, tools.load] where !tools.files.exists(program) {
            throw StoryError.notBuilt(program)
        }
        return tools
    }

    private init(teal: String, load: String, root: String) {
        self.teal = teal
        self.load = load
        self.root = root
    }

    /// Calls a function of `compose/host.sh`.
    @discardableResult
    package func host(_ function: String, _ arguments: String...) async throws -> String {
        var command = Command(
            "bash",
            ["-c", "set -u; . \"$0\"; \"$@\"", root + "/compose/host.sh", function] + arguments,
            timeLimit: .seconds(120))
        // It may start a daemon that outlives this process.
        command.orphan = .left
        let result = try await runner.run(onSmallHost(command))
        guard result.succeeded else { throw StoryError.unexpected(function, result) }
        return result.standardOutput.split(separator: "\n").last.map(String.init) ?? ""
    }

    /// The command as a member of the small host that `Tests/small-host.sh` made; as it is where
    /// there is none.
    func onSmallHost(_ command: Command) -> Command {
        guard let members = ProcessInformation.environment["TEAL_SMALL_HOST_MEMBERS"] else {
            return command
        }
        let join = "IFS=:; for f in $0; do echo $$ >\"$f\" || exit 125; done; exec \"$@\""
        var joined = command
        joined.executable = "bash"
        joined.arguments = ["-c", join, members, command.executable] + command.arguments
        return joined
    }

    func path(_ name: String) -> String { root + "/" + name }

    /// A file of this repository, named from its top level.
    func source(_ path: String) throws -> String {
        try files.readText(root + "/" + path)
    }

    /// Copies what is in a folder of this repository, named from its top level.
    func copy(_ path: String, to folder: String) async throws {
        let result = try await runner.run(
            Command("cp", ["--recursive", root + "/" + path + "/.", folder]))
        guard result.succeeded else { throw StoryError.unexpected("cp \(path)", result) }
    }

    /// Runs a script of this repository, named from its top level.
    func script(_ path: String, _ arguments: String...) async throws {
        let result = try await runner.run(
            Command("bash", [root + "/" + path] + arguments, timeLimit: .seconds(120)))
        guard result.succeeded else { throw StoryError.unexpected(path, result) }
    }

    package func freePort() throws -> Int {
        guard let port = FreePorts.next() else { throw StoryError.noPort }
        return port
    }

    package func temporaryFolder() async throws -> String {
        let result = try await runner.run(
            Command("mktemp", ["--directory", "--tmpdir", "teal-story-XXXXXX"]))
        let folder = String(result.standardOutput.prefix { $0 != "\n" })
        guard result.succeeded, !folder.isEmpty else {
            throw StoryError.unexpected("mktemp", result)
        }
        // nginx's workers are nobody in particular and must reach what lies in it.
        _ = try await runner.run(Command("chmod", ["755", folder]))
        return folder
    }

    package func get(
        _ url: String, headers: [String] = [], timeLimit: Duration = .seconds(20)
    ) async throws -> Answer {
        let seconds = "\(max(1, timeLimit.wholeMilliseconds / 1000))"
        let result = try await runner.run(
            Command(
                "curl",
                ["--silent", "--include", "--max-time", seconds]
                    + headers.flatMap { ["--header", $0] } + [url],
                timeLimit: timeLimit + .seconds(5)))
        guard result.succeeded, let answer = Answer(result.standardOutput) else {
            throw StoryError.unexpected("GET \(url)", result)
        }
        return answer
    }

    func load(_ load: Load, port: Int, end: (String, String)) async throws -> LoadReport {
        let result = try await runner.run(
            Command(
                self.load, load.arguments(port: port, end: end),
                timeLimit: .seconds(load.seconds + 30)))
        guard result.succeeded else { throw StoryError.unexpected("load", result) }
        do {
            return try LoadReport(json: result.standardOutput)
        } catch {
            throw StoryError.unreadable("the load report: \(error)\n\(result.standardOutput)")
        }
    }

    /// Removes all containers, networks, volumes and image tags of one app.
    package func removeAll(of app: String) async throws {
        let script = """
            docker ps --all --quiet --filter label=teal.app="$0" \
                | xargs -r docker rm --force --volumes
            docker network ls --quiet --filter label=teal.app="$0" | xargs -r docker network rm
            docker volume ls --quiet --filter label=teal.app="$0" | xargs -r docker volume rm
            docker images --format '{{.Repository}}:{{.Tag}}' "teal/$0/*" | xargs -r docker rmi
            """
        let result = try await runner.run(Command("bash", ["-c", script, app]))
        guard result.succeeded else { throw StoryError.unexpected("removing \(app)", result) }
    }

    package func complain(_ text: String) {
        print("warning: \(text)")
    }
}

/// A failure of a story; its text carries the program's own words.
package enum StoryError: Error, CustomStringConvertible {
    case notBuilt(String)
    case noPort
    case loadOver(Int)
    case notAlone(String)
    case unexpected(String, CommandResult)
    case unreadable(String)

    package var description: String {
        switch self {
        case .notBuilt(let program): "\(program) is not built: run Tests/run.sh"
        case .noPort: "no free port was found"
        case .loadOver(let seconds): "the load was over after \(seconds) s, before the story was"
        case .notAlone(let act): "\(act) touches every story: give the test the trait .alone"
        case .unexpected(let act, let result):
            "\(act): \(result.ending)\n\(result.standardOutput)\n\(result.standardError)"
        case .unreadable(let text): "cannot be read: \(text)"
        }
    }
}
