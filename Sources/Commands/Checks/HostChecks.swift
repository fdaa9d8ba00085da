import BlueGreen
import DockerCompose
import Glibc
import HostSystem
import Orchestration

/// Looks at the host and at the app's files, and changes nothing.
struct HostChecks: Sendable {
    let app: AppContext
    let wiring: Wiring
    let environmentFiles: [String]

    func all() async -> [CheckItem] {
        var items = [configuration] + [sameName].compactMap(\.self) + [state]
        let docker = await docker()
        items.append(docker)
        let (compose, tool) = await compose()
        items.append(compose)
        if let tool { items += await containerSet(tool) }
        if docker.level == .ok, let disk = await disk() { items.append(disk) }
        items += await nginx()
        return items + NotifyCheck(settings: app.configuration.notify).items
    }

    private var configuration: CheckItem {
        let services = app.configuration.services.filter { $0.value.port != nil }.keys.sorted()
        return CheckItem(
            name: "configuration", level: .ok,
            text: "\(app.file.path): app \(app.name), exposed \(services.joined(separator: ", "))")
    }

    /// The app's folder, or where it would be made.
    private var state: CheckItem {
        var path = app.state.folder(of: app.name)
        while !FileSystem().exists(path), let slash = path.lastIndex(of: "/"), path != "/" {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        let folder = app.state.folder(of: app.name)
        guard access(path, W_OK | X_OK) == 0 else {
            let error = CommandsError.stateDirectory(
                path: folder, reason: "\(path) must not be written")
            return CheckItem(name: "state", level: .fail, text: "\(error)")
        }
        return CheckItem(name: "state", level: .ok, text: "\(folder) can be written")
    }

    private func docker() async -> CheckItem {
        do {
            let version = try await wiring.api.ping()
            return CheckItem(
                name: "docker", level: .ok,
                text: "\(wiring.api.endpoint) answers, API \(version)")
        } catch {
            return CheckItem(name: "docker", level: .fail, text: "\(error)")
        }
    }

    private func compose() async -> (CheckItem, ComposeTool?) {
        do {
            let tool = try await wiring.composeTool()
            let text = "\(tool.call.joined(separator: " ")) \(tool.version)"
            return (CheckItem(name: "compose", level: .ok, text: text), tool)
        } catch {
            return (CheckItem(name: "compose", level: .fail, text: "\(error)"), nil)
        }
    }

    private func containerSet(_ tool: ComposeTool) async -> [CheckItem] {
        do {
            let project = try await wiring.project(tool, environmentFiles: environmentFiles)
            let settings = app.configuration.services
            let plan = try project.plan(settings)
            let names = plan.map { "\($0.name) (\($0.role.rawValue))" }.joined(separator: ", ")
            let unchecked = plan.filter { $0.healthCheck == nil && !$0.isOneShot }
            let room = await room(for: plan)
            return [CheckItem(name: "compose file", level: .ok, text: "starts \(names)")]
                + project.notices(settings).map {
                    CheckItem(name: "compose file", level: .warn, text: $0)
                }
                + unchecked.map { service in
                    CheckItem(
                        name: "health", level: .warn,
                        text: "\(service.name) has no check: it counts as up when it runs. Add "
                            + "`health:` to it in teal.yml, or a healthcheck in the compose file.")
                } + [room]
        } catch CommandsError.environmentFileNotFound(let path)
            where !app.configuration.deployment.hooks.opening.isEmpty
        {
            return [
                CheckItem(
                    name: "compose file", level: .warn,
                    text: "was not read: \(path) is not there yet, and the before_start hooks "
                        + "have to write it")
            ]
        } catch {
            return [CheckItem(name: "compose file", level: .fail, text: "\(error)")]
        }
    }

    private func nginx() async -> [CheckItem] {
        do {
            let notices = try await wiring.nginx.notices()
            let live = try wiring.router.liveColour()
            let traffic = live.map { "traffic is on \($0)" } ?? "no colour has traffic"
            let item = CheckItem(
                name: "nginx", level: .ok,
                text: "runs, takes its configuration, and \(traffic)")
            return [item] + notices.map { CheckItem(name: "nginx", level: .warn, text: $0) }
        } catch {
            return [CheckItem(name: "nginx", level: .fail, text: "\(error)")]
        }
    }
}
