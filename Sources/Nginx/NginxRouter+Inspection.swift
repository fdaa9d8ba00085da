package import BlueGreen
package import Orchestration

extension NginxRouter: RouterInspection {
    package var link: String { folder.paths.link }

    package func changes(
        for table: RoutingTable, switchingTo colour: Colour
    ) async throws -> [FileChange] {
        try NginxGrammar.check(table)
        let present = try folder.contents()
        let live = present.live
        let blueprint = Blueprint(
            settings: settings, table: table,
            live: live.colour == nil
                ? LinkState(colour, isInMaintenance: live.isInMaintenance) : live,
            environment: try await known.facts().environment(settings))
        let wanted = folder.placeable(try blueprint.files)
        return Set(present.files.texts.keys).union(wanted.texts.keys).sorted()
            .filter { present.files.texts[$0] != wanted.texts[$0] }
            .map {
                FileChange(
                    path: folder.paths.file($0), before: present.files.texts[$0],
                    after: wanted.texts[$0])
            }
    }

    package func workers(since known: RouterWorkers?) async throws -> RouterWorkers {
        if let known, try nginx.processes.master(from: known.master) == known.master {
            return try workers(of: known.master, known.version)
        }
        let container = try await nginx.container()
        let found = try await nginx.examine()
        let master = try nginx.master(found.build, try found.configuration.get(), container)
        return try workers(of: master, found.build.version.description)
    }

    private func workers(of master: Int, _ version: String) throws -> RouterWorkers {
        let workers = try nginx.workers(of: master)
        return RouterWorkers(
            version: version, master: master, accepting: workers.accepting.count,
            old: workers.shuttingDown.count)
    }

    package func awaitedFile() async throws -> String? {
        let present = try folder.contents()
        guard present.files.texts.isEmpty else { return nil }
        let found = try await nginx.examine()
        guard case .failure(let refusal) = found.configuration,
            let missing = nginx.missingFile(refusal)
        else { return nil }
        let facts = NginxFacts(found, try await nginx.container(), settings)
        let first = Blueprint(
            settings: settings, table: .empty, live: present.live,
            environment: facts.environment(settings))
        return try first.files.texts[missing] == nil ? nil : folder.paths.file(missing)
    }

    package func notices() async throws -> [String] {
        // Before nginx is asked, which in `reload` mode refuses to be without its link.
        _ = try folder.state()
        let container = try await nginx.container()
        let found = try await nginx.examine()
        let dump = try found.configuration.get()
        _ = try nginx.master(found.build, dump, container)
        let examination = ConfigurationExamination(dump, settings)
        try examination.checkReadiness()
        let present = try folder.contents()
        try await checkStatusAddress(dump, NginxFacts(found, container, settings), present)
        try checkPreviewAddress(dump, container)
        return examination.notices(present.files, live: present.live.colour)
            + (try folder.losses().map(\.description))
            + (try unwatched(examination, present.files)) + (try await unseenLink())
    }

    /// The parts of the site whose answers nginx will not write down, one sentence each.
    func blindSpots() async throws -> [String] {
        let examination = ConfigurationExamination(
            try await nginx.examine().configuration.get(), settings)
        return examination.unwatchedSites
            + examination.unwatchedLocations(try folder.contents().files)
    }

    private func unwatched(
        _ examination: ConfigurationExamination, _ present: GeneratedFiles
    ) throws -> [String] {
        guard settings.rollout.isObserved else { return [] }
        let reasons = examination.unwatchedSites + examination.unwatchedLocations(present)
        guard reasons.isEmpty, try folder.isArmedUnobserved else { return reasons }
        return [
            "nginx does not write down what it answers, so no deployment is watched: it may not "
                + "open \(folder.paths.watch.log), or the next deployment will "
                + "tell it to. A container must mount the folder without :ro."
        ]
    }

    /// A request is answered all the same, by the wrong colour.
    private func unseenLink() async throws -> [String] {
        let present = try folder.contents()
        guard let manifest = present.files.manifest, manifest.blueprint.mode == .live else {
            return []
        }
        let check = RunningNginx.WorkerCheck(
            expected: manifest.answer(live: present.live),
            address: try await known.facts().address(settings, of: present.files),
            patience: .zero)
        return await nginx.unseenLink(check).map { [$0] } ?? []
    }
}
