package import BlueGreen
package import Orchestration

extension ComposeProject {
    /// All that keeps the project from running in two colours, in alphabetical order of service.
    package func problems(_ settings: [String: ServiceSettings]) -> [ServiceProblem] {
        services.flatMap { service in
            let role = role(of: service.name, settings)
            let own = settings[service.name] ?? ServiceSettings()
            var messages = settingsProblems(service, own, role, settings)
            switch role {
            case .shared:
                messages += sharedProblems(service, settings)
            case .exposed, .internal:
                messages += volumeProblems(service, own, role)
                messages += portProblems(service, own, role)
            case .singleton:
                // It writes alone: its volumes have one writer at a time.
                messages += portProblems(service, own, role)
            }
            messages += networkProblems(service, settings)
            messages += borrowingProblems(service, settings)
            messages += namingProblems(service, role, settings)
            messages += addressProblems(service, role)
            return messages.map { ServiceProblem(service.name, $0) }
        }
    }

    private func settingsProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole,
        _ settings: [String: ServiceSettings]
    ) -> [String] {
        let name = service.name
        var messages: [String] = []
        if role == .exposed, own.port == nil {
            messages.append(
                "\(name) has the role exposed and no port. Add to teal.yml: "
                    + "`\(name): {port: 8080}` with the port that it listens on.")
        }
        if own.port != nil, let given = own.role, given != .exposed {
            messages.append(
                "\(name) has a port, which makes it exposed, and the role \(given.rawValue). "
                    + "Keep one of the two lines.")
        }
        if own.healthCheck?.isMadeByDocker == true, service.switchesHealthCheckOff {
            messages.append(
                "\(name) has `health: {docker: true}` in teal.yml, and its healthcheck is switched off "
                    + "in the compose file. Remove one of the two.")
        }
        let count = replicas(of: service, settings)
        if count < 1 {
            messages.append(
                "\(name) would run \(count) times. Set `replicas:` to 1 or more, or take the "
                    + "service out by a profile.")
        }
        guard count <= PlannedService.mostReplicas else {
            return messages + [
                "\(name) would run \(count) times, and at most \(PlannedService.mostReplicas) are "
                    + "possible. Set `replicas:` to less."
            ]
        }
        for index in 1...max(count, 1) where count > 1 {
            guard serviceNames.contains("\(name)-\(index)") else { continue }
            messages.append(
                "\(name) with \(count) replicas needs the name \(name)-\(index), which is another "
                    + "service's. Rename that service.")
        }
        return messages
    }

    private func sharedProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [String] {
        let name = service.name
        var messages: [String] = []
        if replicas(of: service, settings) > 1 {
            messages.append(
                "\(name) is shared and so runs once, for both colours. Remove its replicas.")
        }
        for dependency in service.dependencies.keys.sorted()
        where role(of: dependency, settings) != .shared {
            messages.append(
                "\(name) is shared and depends on \(dependency), of which each colour has its "
                    + "own. Add to teal.yml: `\(dependency): {role: shared}`, or remove the "
                    + "dependency.")
        }
        return messages
    }

    /// Teal finds its containers again by labels and names, so both have one meaning.
    private func namingProblems(
        _ service: ComposeService, _ role: ServiceRole, _ settings: [String: ServiceSettings]
    ) -> [String] {
        let name = service.name
        let labels = (service.model["labels"]?.object ?? [:]).keys.sorted()
            .filter { $0.hasPrefix("teal.") }
        var messages = labels.map { label in
            "\(name) has the label \(label). Labels that begin with `teal.` are Teal's own: it "
                + "finds its containers by them. Remove it from the compose file."
        }
        guard role == .shared else { return messages }
        let own =
            service.model["container_name"]?.string
            ?? ResourceNames.sharedContainer(app, name)
        for other in services where self.role(of: other.name, settings) != .shared {
            let names = (1...max(replicas(of: other, settings), 1)).flatMap { index in
                Colour.allCases.map {
                    ResourceNames.container(app, $0, Replica(service: other.name, index: index))
                }
            }
            guard names.contains(own) else { continue }
            messages.append(
                "\(name) and \(other.name) would each have a container called \(own). Rename one "
                    + "of the services.")
        }
        return messages
    }

    /// Two Postgres on one data directory destroy it.
    private func volumeProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole
    ) -> [String] {
        guard own.volumes == .exclusive else { return [] }
        let name = service.name
        let writable = service.mounts.filter {
            $0.isWritable && ($0.type == "volume" || $0.type == "bind")
        }
        return writable.map { mount in
            let kind = mount.type == "volume" ? "the volume" : "the host's"
            var remedies: [String] = []
            if role == .internal {
                remedies.append("`\(name): {role: shared}` so that it runs once for both")
            }
            remedies.append("`\(name): {volumes: shared}` if two writers are fine")
            return "\(name) can write to \(kind) \(mount.source) at \(mount.target), and while "
                + "two colours run it would do so twice. Add to teal.yml under services: "
                + remedies.joined(separator: ", or ")
                + "; or mount it read-only (:ro) in the compose file."
        }
    }

    private func portProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole
    ) -> [String] {
        let name = service.name
        return service.publishedPorts.compactMap { port in
            if own.port == port.target, port.transport == "tcp" { return nil }
            let shown = port.published.isEmpty ? "\(port.target)" : port.published
            let other =
                role == .exposed
                ? "or reach it through nginx"
                : "`\(name): {port: \(port.target)}` in teal.yml if nginx is to reach it, or "
                    + "`\(name): {role: shared}` if it runs once for both colours"
            return "\(name) publishes port \(shown), which two colours cannot hold at once. Remove "
                + "it from `ports:`, \(other)."
        }
    }

    private func networkProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [String] {
        let name = service.name
        guard let mode = service.networkMode else { return linkProblems(service) }
        if mode == "host", role(of: name, settings) != .shared {
            return [
                "\(name) has `network_mode: host`, where two colours would meet on the same "
                    + "ports. Remove it; nginx reaches the container's own address."
            ]
        }
        if role(of: name, settings) == .exposed {
            return [
                "\(name) is exposed and has `network_mode: \(mode)`, where nginx cannot reach it. "
                    + "Remove that line."
            ]
        }
        return []
    }

    private func linkProblems(_ service: ComposeService) -> [String] {
        (service.model["links"]?.array ?? []).compactMap(\.string).compactMap { link in
            let parts = link.split(separator: ":").map(String.init)
            guard parts.count == 2, parts[0] != parts[1] else { return nil }
            return "\(service.name) links to \(parts[0]) under the name \(parts[1]). Each service "
                + "is reached by its own name: use \(parts[0]) and remove the link."
        }
    }
}
