import BlueGreen
import HostSystem
import Orchestration
import Synchronization
import Testing

@testable import Nginx

/// An nginx of plain values over a real folder: it reads the app's files when it is told to
/// reload, and fails where a test wants it to.
final class FakeNginx: CommandRunner, StatusSource, NginxProcesses, WallClock {
    enum Fault: Hashable {
        /// The generated files by themselves are refused.
        case proofRefused
        /// The whole is refused once it holds files other than those at the start.
        case testRefused
        /// A site includes the snippet of a service that is not exposed any more.
        case snippetIncluded
        case reloadRefused
        /// The master logs an error and keeps its workers: nobody is told.
        case reloadIgnored
        /// It does so whatever is on disk.
        case reloadAlwaysIgnored
        case notIncluded
        case foreignFileBroken
        /// A log may not be opened where the app's files are.
        case readOnly
    }

    struct State {
        var fault: Fault?
        var running: StatusAnswer?
        /// Where the workers can be asked; nil before they know the app.
        var listen: StatusAddress?
        var good: GeneratedFiles?
        var reloads = 0
        var commands: [[String]] = []
        var now = Timestamp(milliseconds: 1_795_210_445_000)
        var extraConfig = ""
        /// Of its master, where it is not the one that was asked for.
        var successor: Int?
        /// Whether the workers look at the link when they are asked.
        var followsLink = false
    }

    let settings: NginxSettings
    let folder: AppFolder
    private let state = Mutex(State())
    private let files = FileSystem()

    init(_ settings: NginxSettings) {
        self.settings = settings
        folder = AppFolder(settings)
    }

    func answer(
        to request: EdgeRequest, at address: StatusAddress
    ) async throws -> EdgeAnswer? {
        throw NginxError.unreachable(address, reason: "nobody answers through it")
    }

    var router: NginxRouter { router(settings) }

    /// One of other settings for the same folder.
    func router(_ settings: NginxSettings) -> NginxRouter {
        NginxRouter(
            nginx: RunningNginx(
                settings: settings, runner: self, status: self, processes: self, clock: self))
    }

    /// As the files on disk tell it.
    var blueprint: Blueprint {
        get throws { try #require(try folder.read().manifest).blueprint }
    }

    var reloads: Int { state.withLock(\.reloads) }
    var running: StatusAnswer? { state.withLock(\.running) }
    var commands: [[String]] { state.withLock(\.commands) }
    var now: Timestamp { state.withLock(\.now) }

    /// From here on, files other than these meet the fault.
    func fail(with fault: Fault?) throws {
        let good = try folder.read()
        state.withLock {
            $0.fault = fault
            $0.good = good
        }
    }

    /// The workers' user may not look into the app's folder, and so finds no marker.
    func hideLink() {
        state.withLock { state in
            state.running = state.running.map { running in
                StatusAnswer(
                    app: running.app, fingerprint: running.fingerprint,
                    values: running.values.mapValues { _ in "shop_web_blue" })
            }
        }
    }

    /// The workers look at the link from now on, as those of a real nginx do in `live` mode.
    func followLink() { state.withLock { $0.followsLink = true } }

    func add(config: String) {
        state.withLock { $0.extraConfig = config }
    }

    func sleep(until moment: Timestamp) async throws {
        state.withLock { $0.now = max($0.now, moment) }
    }

    func status(of app: String, at address: StatusAddress) async throws -> StatusAnswer? {
        let (running, followsLink) = try state.withLock { state in
            if let listen = state.listen, listen != address {
                throw NginxError.unreachable(address, reason: "connection refused")
            }
            return (state.running, state.followsLink)
        }
        guard followsLink else { return running }
        return try folder.read().manifest?.answer(live: try folder.state())
    }

    /// Another master runs from now on, with another pid.
    func restart(as pid: Int) throws {
        try AtomicFile.write(
            "\(pid)\n", to: "\(settings.directory)/nginx.pid", access: .everyoneReads)
        state.withLock { $0.successor = pid }
    }

    func master(from pid: Int) throws -> Int? {
        let successor = state.withLock(\.successor)
        return successor == nil || successor == pid ? pid : nil
    }

    func workers(of master: Int) throws -> Workers {
        // Each reload brings a new worker, as long as the master takes it.
        Workers(accepting: [1000 + reloads], shuttingDown: [])
    }

    func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        state.withLock { $0.commands.append(command.arguments) }
        let present = try folder.read()
        let fault = state.withLock { state in
            state.good == nil || state.good != present || state.fault == .foreignFileBroken
                || state.fault == .reloadAlwaysIgnored ? state.fault : nil
        }
        if command.arguments.contains("reload") { return try reload(present, fault) }
        if command.arguments.contains("-T") { return dump(present, fault) }
        let proof = "\(settings.directory)/.\(settings.app).proof"
        if state.withLock(\.fault) == .readOnly,
            try files.readText("\(proof)/http.conf").contains("\naccess_log ")
        {
            return refusal(
                "[emerg] open() \"\(proof)/watch/requests.log\" failed (30: Read-only file system)")
        }
        return state.withLock(\.fault) == .proofRefused
            ? refusal("[emerg] unknown directive \"teal\"")
            : CommandResult(ending: .exited(0))
    }

    private func reload(_ present: GeneratedFiles, _ fault: Fault?) throws -> CommandResult {
        if fault == .reloadRefused { return refusal("[error] open() \"nginx.pid\" failed") }
        if fault == .reloadIgnored || fault == .reloadAlwaysIgnored {
            return CommandResult(ending: .exited(0))
        }
        let answer = present.manifest?.answer(live: try folder.state())
        state.withLock {
            $0.reloads += 1
            $0.running = answer
            $0.listen = present.manifest?.blueprint.listen
        }
        return CommandResult(ending: .exited(0))
    }

    private func dump(_ present: GeneratedFiles, _ fault: Fault?) -> CommandResult {
        if fault == .snippetIncluded {
            return refusal(
                "nginx: [emerg] open() \"\(folder.path)/api.conf\" failed (2: No such file or "
                    + "directory) in /etc/nginx/conf.d/shop.conf:3")
        }
        if fault == .testRefused {
            return refusal("nginx: [emerg] duplicate upstream in \(folder.path)/http.conf:4")
        }
        if fault == .foreignFileBroken {
            return refusal(
                "nginx: [emerg] unknown directive \"x\" in /etc/nginx/conf.d/other.conf:7")
        }
        let include = fault == .notIncluded ? "" : "include \(settings.directory)/*/http.conf;"
        let main =
            "pid \(folder.path)/../nginx.pid;\nhttp {\n\(include)\n"
            + state.withLock(\.extraConfig) + "\n}\n"
        var text = "# configuration file /etc/nginx/nginx.conf:\n\(main)\n"
        if fault != .notIncluded {
            for path in present.paths where path.hasSuffix(".conf") {
                text += "# configuration file \(folder.path)/\(path):\n"
                text += (present.texts[path] ?? "") + "\n"
            }
        }
        return CommandResult(
            ending: .exited(0), standardOutput: text, standardError: Self.version)
    }

    private func refusal(_ text: String) -> CommandResult {
        CommandResult(ending: .exited(1), standardError: Self.version + text + "\n")
    }

    static let version = """
        nginx version: nginx/1.22.1
        configure arguments: --prefix=/usr/share/nginx --pid-path=/run/nginx.pid

        """
}
