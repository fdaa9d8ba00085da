import BlueGreen
import Glibc
import HostSystem
import Orchestration

/// Looks at the host and at the app's files, and changes nothing.
struct HostChecks: Sendable {
    let app: AppContext
    let wiring: Wiring
    /// Or why there are none: a store that cannot be read keeps nobody from the other checks.
    let ports: Result<Ports, any Error>

    func all() async -> [CheckItem] {
        var items = [configuration] + [sameName].compactMap(\.self) + [state]
        let parts = await wiring.readiness.parts()
        items += parts.map(CheckItem.init)
        if parts.work(for: .reading) { items += await containerSet(parts) }
        if parts.work(for: .running) {
            items += [await disk(), await networks()].compactMap(\.self)
        }
        items += await edge(parts)
        return items + NotifyCheck(settings: app.configuration.notify).items
    }

    private func edge(_ parts: [EnginePart]) async -> [CheckItem] {
        guard wiring.hasNodes else { return await nginx() + confinement.items }
        return parts.work(for: .running) ? await nodes() : []
    }

    private var configuration: CheckItem {
        let services = app.configuration.services.filter { $0.value.port != nil }.keys.sorted()
        return CheckItem(
            name: "configuration", level: .ok,
            text: "\(app.file.path): app \(app.name), exposed \(services.joined(separator: ", "))"
                + (app.file.composeFilesText.map { "; \($0)" } ?? ""))
    }

    /// The app's folder, or where it would be made.
    private var state: CheckItem {
        var path = app.state.folder(of: app.name)
        while !FileSystem().exists(path), let slash = path.lastIndex(of: "/"), path != "/" {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        let folder = app.state.folder(of: app.name)
        guard access(path, W_OK | X_OK) == 0 else {
            let error =
                ReadOnlyDisk.has(path)
                ? CommandsError.stateReadOnly(path: path)
                : .stateDirectory(path: folder, reason: "\(path) must not be written")
            return CheckItem(name: "state", level: .fail, text: "\(error)")
        }
        return StateRoom(folder: folder, existing: path).item
    }

    private func containerSet(_ parts: [EnginePart]) async -> [CheckItem] {
        // Often the cause of what fails later, as a variable that is not set.
        var notices: [CheckItem] = []
        do {
            let draft = try await wiring.source.draft()
            notices = draft.notices.map {
                CheckItem(name: "compose file", level: .warn, text: $0)
            }
            let plan = draft.services
            let names = plan.map { "\($0.name) (\($0.role.rawValue))" }.joined(separator: ", ")
            let unchecked = plan.filter { $0.healthCheck == nil && !$0.isOneShot }
            let room = wiring.hasNodes ? await nodesRoom(for: draft) : await room(for: plan)
            let obstacles = parts.work(for: .running) ? await obstacles(to: draft) : []
            let unseen = parts.work(for: .running) ? try await draft.imageNotices() : []
            return [CheckItem(name: "compose file", level: .ok, text: "starts \(names)")]
                + notices
                + unseen.map { CheckItem(name: "compose file", level: .warn, text: $0) }
                + unchecked.map { service in
                    CheckItem(
                        name: "health", level: .warn,
                        text: "\(service.name) has no check: it counts as up when it runs. Add "
                            + "`health:` to it in teal.yml, or a healthcheck in the compose file.")
                } + obstacles + [room].compactMap(\.self)
        } catch {
            let files = app.configuration.filesOfHooks(missingBy: error)
            guard files.isEmpty else {
                return [
                    CheckItem(
                        name: "compose file", level: .warn,
                        text:
                            "was not read: \(files.joined(separator: ", ")) is not there yet, and "
                            + "the before_start hooks have to write it")
                ]
            }
            return [CheckItem(name: "compose file", level: .fail, text: "\(error)")] + notices
        }
    }

    /// Whether nothing ever had traffic, so that no file of nginx's can have been lost.
    private var isNew: Bool {
        get async {
            // A history that cannot be read is told of by other checks.
            guard let past = try? await ports.get().store.deployments(limit: .max) else {
                return false
            }
            return !past.contains { $0.mayHaveHadTraffic }
        }
    }

    private func nginx() async -> [CheckItem] {
        do {
            if await isNew, let awaited = try await wiring.nginx.awaitedFile() {
                return [
                    CheckItem(
                        name: "nginx", level: .warn,
                        text: "its configuration includes \(awaited), which the first "
                            + "`teal deploy` writes. Until then `nginx -t` fails, and nginx would "
                            + "not start again.")
                ]
            }
            let notices = try await wiring.nginx.notices()
            let live = try await wiring.router.liveColour()
            // Without these nobody knows whether nginx goes by the link; they are warned of.
            let isWhole = try await wiring.router.losses().isEmpty
            let item = CheckItem(
                name: "nginx", level: .ok,
                text: isWhole
                    ? "runs, takes its configuration, and \(Traffic.clause(live))"
                    : "runs and takes its configuration")
            return [item] + notices.map { CheckItem(name: "nginx", level: .warn, text: $0) }
        } catch {
            return [CheckItem(name: "nginx", level: .fail, text: "\(error)")]
        }
    }
}

extension [EnginePart] {
    fileprivate func work(for purpose: EnginePart.Purpose) -> Bool {
        filter { $0.purpose == purpose }.allSatisfy(\.works)
    }
}

extension CheckItem {
    fileprivate init(_ part: EnginePart) {
        switch part.finding {
        case .works(let text): self.init(name: part.name, level: .ok, text: text)
        case .fails(let text): self.init(name: part.name, level: .fail, text: text)
        }
    }
}

extension HostChecks {
    /// Two apps of one name would replace each other. A `teal.yml` elsewhere that exposes the same
    /// services is taken for an earlier folder of the same app, and mentioned.
    var sameName: CheckItem? {
        let services = Self.exposed(app.configuration)
        do {
            let origin = try AppOrigin.read(of: app.name, in: app.state).configuration
            guard origin != app.file.path, FileSystem().exists(origin) else { return nil }
            let other = try ConfigurationFile(
                path: origin, from: "/", environment: wiring.environment)
            guard Self.exposed(other.configuration) != services else {
                return CheckItem(
                    name: "configuration", level: .ok,
                    text: "\(app.name) was deployed from \(origin) before; a deploy from here goes "
                        + "on with it")
            }
            return CheckItem(
                name: "configuration", level: .warn,
                text:
                    "\(app.name) was deployed from \(origin) before, with other services. If that "
                    + "is another app, give one of them another name (`app:`): a deploy from here "
                    + "replaces it.")
        } catch {
            return nil  // Never deployed, or its file says nothing any more.
        }
    }

    private static func exposed(_ configuration: AppConfiguration) -> [String] {
        configuration.services.filter { $0.value.port != nil }.keys.sorted()
    }
}
