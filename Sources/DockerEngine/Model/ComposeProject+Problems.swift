package import BlueGreen
package import Orchestration

extension ComposeProject {
    /// All that keeps the project from running in two colours, in alphabetical order of service.
    package func problems(_ settings: [String: ServiceSettings]) -> [ServiceProblem] {
        running(settings).flatMap { service in
            let role = role(of: service.name, settings)
            let own = settings[service.name] ?? ServiceSettings()
            var problems = settingsProblems(service, own, role, settings)
            switch role {
            case .shared:
                problems += sharedProblems(service, settings)
            case .exposed, .internal:
                problems += volumeProblems(service, own, role, settings)
                problems += portProblems(service, own, role, settings)
            case .singleton:
                // It writes alone: its volumes have one writer at a time.
                problems += portProblems(service, own, role, settings)
            }
            problems += anonymousVolumeProblems(service, own, role, settings)
            problems += unknownPortProblems(service, own)
            problems += borrowingProblems(service, settings)
            problems += hostNetworkProblems(service, role, settings)
            var messages = imageProblems(service) + networkProblems(service, settings)
            messages += namingProblems(service, role, settings)
            messages += claimProblems(service, settings)
            messages += addressProblems(service, role)
            return problems + messages.map { ServiceProblem(service.name, $0) }
        }
    }

    /// An image's name with an empty part, as a variable that is not set leaves it: Docker refuses
    /// the name, and knows of no variable.
    private func imageProblems(_ service: ComposeService) -> [String] {
        guard service.model["build"] == nil, let image = service.model["image"]?.string else {
            return []
        }
        let ends = image.hasSuffix(":") || image.hasSuffix("@") || image.hasSuffix("/")
        let begins = image.hasPrefix(":") || image.hasPrefix("@") || image.hasPrefix("/")
        guard ends || begins || image.contains("//") || image.contains("/:") else { return [] }
        let causes = warnings.filter { !$0.contains("obsolete") }.map { "Compose warns: \($0)" }
        let head =
            "\(service.name): the image \"\(image)\" has a name with an empty part, as a variable "
            + "leaves it that is not set. Set it in the environment, in a file of `env_files:` in "
            + "teal.yml or with --env-file, or correct the name."
        return [([head] + causes).joined(separator: "\n")]
    }

    private func settingsProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole,
        _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let name = service.name
        var problems: [ServiceProblem] = []
        if role == .exposed, own.port == nil {
            let port = service.publishedPorts.first?.target ?? service.exposedPorts.first ?? 8080
            problems.append(
                ServiceProblem(
                    name, "\(name) has the role exposed and no port.",
                    [Remedy(name, [.port(port)], "with the port that it listens on")]))
        }
        var messages: [String] = []
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
        problems += messages.map { ServiceProblem(name, $0) }
        return problems + countProblems(service, settings)
    }

    private func countProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let name = service.name
        let count = replicas(of: service, settings)
        if count < 1 {
            // Any other service is left out.
            return [
                ServiceProblem(
                    name,
                    "\(name) is exposed and would run \(count) times, as the compose file says.",
                    [Remedy(name, [.replicas(1)])])
            ]
        }
        guard count <= PlannedService.mostReplicas else {
            return [
                ServiceProblem(
                    name,
                    "\(name) would run \(count) times, and at most \(PlannedService.mostReplicas) "
                        + "are possible. Set `replicas:` to less.")
            ]
        }
        guard count > 1 else { return [] }
        return (1...count).filter { serviceNames.contains("\(name)-\($0)") }.map { index in
            ServiceProblem(
                name,
                "\(name) with \(count) replicas needs the name \(name)-\(index), which is another "
                    + "service's. Rename that service.")
        }
    }

    private func sharedProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let name = service.name
        var problems: [ServiceProblem] = []
        if replicas(of: service, settings) > 1 {
            problems.append(
                ServiceProblem(
                    name, "\(name) is shared and so runs once, for both colours.",
                    [Remedy(name, [.replicas(1)])]))
        }
        let coloured = dependencies(of: service, settings)
            .filter { role(of: $0, settings) != .shared }
        guard !coloured.isEmpty else { return problems }
        let cause =
            "\(name) is shared and depends on \(coloured.joined(separator: ", ")), of which each "
            + "colour has its own."
        guard sharing(of: name, settings) == .possible else {
            return problems
                + [
                    ServiceProblem(
                        name, cause, [perColour(service)], otherwise: "remove the dependency",
                        others: Set(coloured))
                ]
        }
        return problems
            + coloured.map { dependency in
                ServiceProblem(
                    name,
                    "\(name) is shared and depends on \(dependency), of which each colour has its "
                        + "own.", sharingRemedies(for: dependency, settings),
                    otherwise: "remove the dependency", others: [dependency])
            }
    }

    private func sharingRemedies(
        for dependency: String, _ settings: [String: ServiceSettings]
    ) -> [Remedy] {
        switch belonging(of: dependency, settings) {
        case .unknown: [Remedy(dependency, [.role(.shared)])]
        case .program: Remedy.shared(dependency, .program)
        case .oneShot: Remedy.shared(dependency, .oneShot)
        }
    }

    /// The way out of `shared`.
    private func perColour(_ service: ComposeService) -> Remedy {
        let writes = !service.dataMounts(kinds).isEmpty
        return Remedy(
            service.name, writes ? [.role(.internal), .volumes(.shared)] : [.role(.internal)],
            writes ? "if two of it may write to its volumes at the same time" : "")
    }

    /// Those that run, in order: a service may wait for one that no profile starts.
    private func dependencies(
        of service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [String] {
        let known = Set(running(settings).map(\.name))
        return service.dependencies.keys.filter(known.contains).sorted()
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

    /// nginx has no use for the host's ports of a service that it does not reach, and one that is
    /// shared holds them alone.
    private func hostNetworkProblems(
        _ service: ComposeService, _ role: ServiceRole, _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let name = service.name
        guard service.networkMode == "host", role != .shared else { return [] }
        let cause =
            "\(name) has `network_mode: host`, where two colours would meet on the same ports."
        let one =
            role == .exposed
            ? []
            : Remedy.shared(name, belonging(of: name, settings), sharing(of: name, settings))
        guard !one.isEmpty else {
            return [
                ServiceProblem(
                    name, "\(cause) Remove it; nginx reaches the container's own address.")
            ]
        }
        return [
            ServiceProblem(
                name, cause, one,
                otherwise: "remove that line in the compose file: the others reach it by name then")
        ]
    }

    private func networkProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [String] {
        let name = service.name
        guard let mode = service.networkMode, mode != "host" else { return [] }
        if role(of: name, settings) == .exposed, let lender = service.networkLender {
            return [
                "\(name) is exposed and has no network but that of \(lender). Give \(lender) the "
                    + "port in teal.yml in its place: nginx reaches both there."
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
}
