package import BlueGreen
package import HostSystem
package import LoadReport
import Orchestration
import Synchronization

/// One app on real Docker behind an nginx of its own. It has a folder with a compose file and a
/// `teal.yml`, a state folder, free ports. It begins with nothing deployed and leaves nothing.
package struct Story: Sendable {
    package let app: String
    /// Holds `compose.yml`, `teal.yml`, `state/`, `nginx/`.
    package let folder: String
    /// Where the app's site listens, on loopback.
    package let port: Int
    package let statusPort: Int
    /// What it took of the host.
    let host: StoryHost

    let tools: Tools
    private let files = FileSystem()
    /// The folder of this story's own files; a neighbour shares nginx and has others.
    package let project: String

    private init(app: String, tools: Tools) async throws {
        self.app = app
        self.tools = tools
        host = StoryHost.share
        folder = try await tools.temporaryFolder()
        project = folder
        port = try tools.freePort()
        statusPort = try tools.freePort()
        try files.makeFolder(folder + "/state", access: .ownerOnly)
    }

    private init(neighbour app: String, of story: Story) throws {
        self.app = app
        tools = story.tools
        host = story.host
        folder = story.folder
        project = story.folder + "/" + app
        port = story.port
        statusPort = story.statusPort
        try files.makeFolder(project, access: .everyoneReads)
    }

    /// Another app behind the same nginx, with the same state folder.
    package func neighbour(_ app: String) throws -> Story {
        try Story(neighbour: app, of: self)
    }

    /// Removes all that neighbours made in Docker.
    package func remove(_ neighbours: [Story]) async throws {
        for neighbour in neighbours { try await tools.removeAll(of: neighbour.app) }
    }

    /// Runs the body with an nginx that serves the app's site, and takes everything away after it.
    /// Nothing is there of the story before the host has a lane for it.
    package static func tell(
        _ app: String, _ body: (Story) async throws -> Void
    ) async throws {
        try await StoryHost.hold { try await tellNow(app, body) }
    }

    private static func tellNow(
        _ app: String, _ body: (Story) async throws -> Void
    ) async throws {
        let tools = try Tools.find()
        let story = try await Story(app: app, tools: tools)
        do {
            try await story.startNginx()
            try await body(story)
        } catch {
            await story.end()
            throw error
        }
        await story.end()
    }

    // MARK: Files

    /// - Parameter services: the indented lines under `services:`.
    package func writeCompose(_ services: String, volumes: String = "") throws {
        let volumes = volumes.isEmpty ? "" : "volumes:\n\(volumes)\n"
        try write("services:\n\(services)\n\(volumes)", to: "compose.yml")
    }

    /// No candidate is watched after the switch unless the lines have a word on it.
    ///
    /// - Parameters:
    ///   - lines: the lines after `app` and `nginx`, services included.
    ///   - nginxContainer: the container that nginx runs in; nil for one on the host.
    package func writeConfiguration(_ lines: String, nginxContainer: String? = nil) throws {
        let place = nginxContainer.map { "container: \($0)" } ?? "status: 127.0.0.1:\(statusPort)"
        let isBaking = lines.split(separator: "\n").contains { $0.hasPrefix("bake:") }
        try write(
            """
            app: \(app)
            nginx:
              directory: \(folder)/nginx/teal
              config: \(folder)/nginx/nginx.conf
              \(place)
            \(isBaking ? "" : "bake: {for: 0s}")
            \(lines)
            """, to: "teal.yml")
    }

    func nginxConfiguration() throws -> String {
        try files.readText("\(folder)/nginx/nginx.conf")
    }

    package func write(_ text: String, to name: String) throws {
        try AtomicFile.write(text, to: project + "/" + name, access: .everyoneReads)
    }

    // MARK: Teal

    /// Runs `teal VERB ... --config teal.yml` as a caller without a terminal would.
    package func teal(
        _ arguments: [String], _ environment: [String: String] = [:],
        timeLimit: Duration = .seconds(240)
    ) async throws -> CommandResult {
        try await tools.runner.run(
            tealCommand(arguments, environment, timeLimit: timeLimit))
    }

    package func tealCommand(
        _ arguments: [String], _ environment: [String: String] = [:],
        timeLimit: Duration = .seconds(240)
    ) -> Command {
        tealCommand(
            words: arguments + ["--config", project + "/teal.yml"], environment,
            timeLimit: timeLimit)
    }

    private func tealCommand(
        words: [String], _ environment: [String: String], timeLimit: Duration
    ) -> Command {
        tools.onSmallHost(
            Command(
                tools.teal, words,
                environment: ["TEAL_STATE_DIR": folder + "/state"]
                    .merging(environment) { $1 },
                workingDirectory: "/", timeLimit: timeLimit))
    }

    /// Runs `teal VERB ... --app NAME`.
    package func teal(named arguments: [String]) async throws -> CommandResult {
        try await teal(words: arguments + ["--app", app])
    }

    /// Runs `teal` with just these words.
    package func teal(words: [String]) async throws -> CommandResult {
        try await tools.runner.run(
            tealCommand(words: words, [:], timeLimit: .seconds(240)))
    }

    /// Deploys and fails the story with Teal's own words where that does not end with `exit`.
    @discardableResult
    package func deploy(
        _ environment: [String: String] = [:], options: [String] = [], exit: Int = 0
    ) async throws -> CommandResult {
        let result = try await teal(["deploy"] + options, environment)
        guard result.ending == .exited(exit) else {
            throw StoryError.unexpected("teal deploy", result)
        }
        return result
    }

    /// Makes nginx serve the app at `port`; Teal's files must be there.
    package func openSite(service: String = "web") async throws {
        try writeSite(service: service)
        try await renewWorkers()
    }

    /// Reloads nginx. Returns when no worker of before is left: it would know no site, or close a
    /// fresh connection.
    package func renewWorkers() async throws {
        try await renewWorkers(listedBy: nginxWorkers, reloading: reloadNginx)
    }

    func renewWorkers(
        listedBy workers: () async throws -> [String], reloading reload: () async throws -> Void
    ) async throws {
        let before = try await workers()
        try await reload()
        try await until("the workers of before are gone") {
            try await Set(workers()).isDisjoint(with: before)
        }
    }

    package func writeSite(service: String) throws {
        let directory = "\(folder)/nginx/teal/\(app)"
        try files.makeFolder("\(folder)/nginx/site", access: .everyoneReads)
        try write(
            """
            include \(directory)/server.conf;
            location / { include \(directory)/\(service).conf; }
            """, to: "nginx/site/\(app).conf")
    }

    // MARK: nginx and Docker

    package func startNginx() async throws {
        try await tools.host("host_start_nginx", folder + "/nginx", "\(port)")
    }

    package func stopNginx() async throws {
        try await tools.host("host_stop_nginx", folder + "/nginx")
    }

    package func reloadNginx() async throws {
        let result = try await nginx("-s", "reload")
        guard result.succeeded else { throw StoryError.unexpected("nginx -s reload", result) }
    }

    package func nginx(_ arguments: String...) async throws -> CommandResult {
        try await tools.runner.run(
            Command("nginx", ["-c", folder + "/nginx/nginx.conf"] + arguments))
    }

    /// The output of `docker ARGUMENTS`, without the last line's end.
    @discardableResult
    package func docker(_ arguments: String...) async throws -> String {
        try await docker(arguments)
    }

    @discardableResult
    package func docker(_ arguments: [String]) async throws -> String {
        let result = try await tools.runner.run(Command("docker", arguments))
        guard result.succeeded else { throw StoryError.unexpected("docker \(arguments)", result) }
        return result.standardOutput.withoutLastLineBreak
    }

    /// The names of the app's running containers of a colour, sorted.
    package func running(in colour: Colour) async throws -> [String] {
        try await docker(
            "ps", "--filter", "label=teal.app=\(app)", "--filter", "label=teal.colour=\(colour)",
            "--format", "{{.Names}}"
        ).split(separator: "\n").map(String.init).sorted()
    }

    // MARK: Requests

    /// One GET over a connection of its own.
    package func get(_ path: String, timeLimit: Duration = .seconds(20)) async throws -> Answer {
        try await tools.get("http://127.0.0.1:\(port)\(path)", timeLimit: timeLimit)
    }

    /// Which version of the shop answers now; nil where the answer is not the shop's.
    package func version() async throws -> String? {
        try await get("/version").headers["x-shop-version"]
    }

    /// Load on the site until `body` has returned.
    package func underLoad<Value: Sendable>(
        _ load: Load = Load(), _ body: @Sendable () async throws -> Value
    ) async throws -> (Value, LoadReport) {
        let stop = folder + "/load.stop"
        try files.removeTree(stop)
        let isOver = Mutex(false)
        async let report = {
            let report = try await tools.load(load, port: port, end: ("--until-file", stop))
            isOver.withLock { $0 = true }
            return report
        }()
        do {
            let value = try await body()
            // Without visitors until here nothing is shown of them.
            guard isOver.withLock({ !$0 }) else { throw StoryError.loadOver(load.seconds) }
            try AtomicFile.write("", to: stop, access: .everyoneReads)
            return (value, try await report)
        } catch {
            try AtomicFile.write("", to: stop, access: .everyoneReads)
            throw error
        }
    }

    package func load(_ load: Load, requests: Int) async throws -> LoadReport {
        try await tools.load(load, port: port, end: ("--requests", "\(requests)"))
    }

    /// Removes all that the story made; leftovers would show in the next story.
    private func end() async {
        do {
            try await stopNginx()
            try await tools.removeAll(of: app)
            try files.removeTree(folder)
        } catch {
            tools.complain("\(app) left something behind: \(error)")
        }
    }
}

extension String {
    fileprivate var withoutLastLineBreak: String {
        hasSuffix("\n") ? String(dropLast()) : self
    }
}
