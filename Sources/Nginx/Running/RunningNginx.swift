import BlueGreen
import HostSystem
import Orchestration

/// The nginx of the settings: what it is, what it reads, what its workers run, and the order to
/// reload.
struct RunningNginx: Sendable {
    let settings: NginxSettings
    let runner: any CommandRunner
    let status: any StatusSource
    let processes: any NginxProcesses
    let clock: any WallClock
    /// How long the workers may take to follow a reload.
    var patience = Duration.seconds(20)

    private var program: NginxProgram { NginxProgram(settings) }

    /// The result of `nginx -V -T`.
    struct Examination: Sendable {
        let build: NginxBuild
        /// nginx's own text where it refuses its configuration.
        let configuration: Result<ConfigurationDump, NginxError>
    }

    func examine() async throws -> Examination {
        let result = try await runner.run(program.dump)
        guard let build = NginxBuild(result.standardError) else {
            throw NginxError.notFound(text: result.messages)
        }
        guard build.version >= .oldestSupported else {
            throw NginxError.tooOld(build.version.description)
        }
        return Examination(
            build: build,
            configuration: result.succeeded
                ? .success(ConfigurationDump(result.standardOutput))
                : .failure(error(from: result.messages)))
    }

    /// A file that is on the host and that a container's nginx does not find says that the folder
    /// was replaced after the container started.
    private func error(from text: String) -> NginxError {
        if let snippet = missingSnippet(text) { return snippet }
        guard let container = settings.container?.name else {
            return NginxError.refusal(text, ofRoot: ProcessInformation.isRoot)
        }
        guard let start = text.firstRange(of: "open() \"\(settings.directory)/")
        else { return .refused(text: text) }
        let rest = text[start.lowerBound...].dropFirst("open() \"".count)
        let file = String(rest.prefix { $0 != "\"" })
        guard FileSystem().exists(file) else { return .refused(text: text) }
        return .stale(container: container, file: file)
    }

    /// Such a line in a site is the user's, so that only the user can take it away.
    private func missingSnippet(_ text: String) -> NginxError? {
        guard let name = missingFile(in: text), let service = AppPaths.service(ofSnippet: name)
        else { return nil }
        return .noSnippet(service: service, file: AppPaths(settings).file(name), text: text)
    }

    /// The app's file for want of which nginx refuses its configuration, by its path within the
    /// app's folder.
    func missingFile(_ refusal: NginxError) -> String? {
        switch refusal {
        case .refused(let text), .noSnippet(_, _, let text): missingFile(in: text)
        default: nil
        }
    }

    private func missingFile(in text: String) -> String? {
        let paths = AppPaths(settings)
        guard let start = text.firstRange(of: "open() \"\(paths.folder)/") else { return nil }
        let name = String(text[start.upperBound...].prefix { $0 != "\"" })
        return FileSystem().exists(paths.file(name)) ? nil : name
    }

    /// nil where nginx runs on the host.
    func container() async throws -> NginxContainer? {
        guard let name = settings.container?.name else { return nil }
        let result = try await runner.run(NginxContainer.inspection(of: name))
        guard result.succeeded, let found = NginxContainer(inspection: result.standardOutput)
        else {
            throw NginxError.container(name: name, reason: result.messages)
        }
        guard found.isRunning else {
            throw NginxError.container(name: name, reason: "it is stopped; start it")
        }
        return found
    }

    /// Puts nginx on the networks of the app's colours where it is not.
    func joinNetworks(_ container: NginxContainer) async throws -> NginxContainer {
        guard let wanted = settings.container, !container.usesHostNetwork else { return container }
        let missing = wanted.networks.filter { name in
            !container.networks.contains { $0.name == name }
        }
        if missing.isEmpty { return container }
        for network in missing {
            let result = try await runner.run(
                NginxContainer.connection(of: wanted.name, to: network))
            guard result.succeeded else {
                throw NginxError.container(
                    name: wanted.name,
                    reason: "it could not join the network \(network): \(result.messages)")
            }
        }
        return try await self.container() ?? container
    }

    /// That it does not run; nil where it does, or where that cannot be found out.
    func outage() async -> NginxError? {
        do {
            let container = try await container()
            let found = try await examine()
            _ = try master(found.build, try found.configuration.get(), container)
            return nil
        } catch let error as NginxError {
            switch error {
            case .notRunning, .container: return error
            default: return nil
            }
        } catch {
            // Why it does not follow was told before.
            return nil
        }
    }

    /// The master's pid as the host knows it.
    ///
    /// - Throws: `NginxError.notRunning`.
    func master(_ build: NginxBuild, _ dump: ConfigurationDump, _ container: NginxContainer?)
        throws -> Int
    {
        if let container {
            guard let master = try processes.master(from: container.pid) else {
                throw NginxError.notRunning(
                    reason: "no process of its container is an nginx master")
            }
            return master
        }
        let named = dump.directives.first { $0.context.isEmpty && $0.name == "pid" }?.words.last
        guard var path = named ?? build.pidFile else {
            throw NginxError.notRunning(reason: "its configuration names no pid file")
        }
        if !path.hasPrefix("/") { path = "\(build.prefix)/\(path)" }
        guard let text = try FileSystem().readTextIfPresent(settings.hostRoot + path) else {
            throw NginxError.notRunning(reason: "there is no \(path)")
        }
        guard let pid = Int(text.prefix { $0.isNumber }),
            let master = try processes.master(from: pid)
        else {
            throw NginxError.notRunning(reason: "the process that \(path) names is no nginx")
        }
        return master
    }

    func reload() async throws {
        let result = try await runner.run(program.reload)
        guard result.succeeded else { throw NginxError.reloadRefused(text: result.messages) }
    }

    /// Tests one main configuration file by itself.
    ///
    /// - Returns: nginx's own text; nil where it takes the file.
    func refusal(ofFile file: String) async throws -> String? {
        let result = try await runner.run(program.test(file))
        return result.succeeded ? nil : result.messages
    }

    func workers(of master: Int) throws -> Workers {
        try processes.workers(of: master)
    }
}

extension CommandResult {
    /// The words of the program, without the lines by which `nginx -V` describes itself.
    fileprivate var messages: String {
        switch ending {
        case .timedOut(let limit): return "It took longer than \(limit.text)."
        case .exited, .signalled: break
        }
        let lines = standardError.split(separator: "\n").map(String.init)
        // An ordinary user's nginx first complains of the log that it may not write, and goes on.
        let grave = ["[emerg]", "[crit]", "[error]", "[alert]"].lazy
            .map { level in lines.filter { $0.contains(level) } }.first { !$0.isEmpty }
        let told = grave ?? lines
        return told.isEmpty
            ? "It said nothing and ended with \(ending)." : told.joined(separator: " ")
    }
}
