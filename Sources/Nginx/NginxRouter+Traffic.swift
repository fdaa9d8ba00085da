package import BlueGreen
import HostSystem
package import Orchestration

extension NginxRouter {
    /// In `live` mode workers that shut down look at the link too and feed nobody else.
    package func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        let blueprint = try recorded(try folder.read(), try folder.state())
        let endpoints = blueprint?.table[colour].flatMap(\.endpoints) ?? []
        let reloads = blueprint?.mode == .reload
        let facts = settings.container == nil && !reloads ? nil : try await survey.facts()
        let connections = try TCPConnections().established(
            inNamespaceOf: facts?.container?.pid, toAddresses: Set(endpoints))
        guard reloads, let facts else {
            return RemainingTraffic(connections: connections, oldWorkers: 0)
        }
        let dump = try await nginx.examine().configuration.get()
        let master = try nginx.master(facts.build, dump, facts.container)
        return RemainingTraffic(
            connections: connections,
            oldWorkers: try nginx.workers(of: master).shuttingDown.count)
    }

    package func remove() async throws {
        guard folder.exists else { return }
        try folder.restorePrevious()
        let dump = try await nginx.examine().configuration.get()
        let sites = ConfigurationExamination(dump, settings).sites
        guard sites.isEmpty else { throw NginxError.stillIncluded(sites.map(\.place)) }
        let change = ConfigurationChange(
            nginx: nginx, folder: folder, facts: try await survey.facts())
        try await change.apply(.none)
        try folder.removeAll()
    }

    /// What a person should know although nginx is content, such as a site that does not include
    /// the app's files yet. Changes nothing.
    ///
    /// - Throws: what would keep `prepare` from its work.
    package func notices() async throws -> [String] {
        let container = try await nginx.container()
        let found = try await nginx.examine()
        let dump = try found.configuration.get()
        _ = try nginx.master(found.build, dump, container)
        let examination = ConfigurationExamination(dump, settings)
        try examination.checkReadiness()
        try checkPreviewAddress(dump, container)
        return examination.notices + (try unwatched(examination)) + (try await blindness())
    }

    private func unwatched(_ examination: ConfigurationExamination) throws -> [String] {
        guard settings.rollout.isObserved else { return [] }
        let reasons = examination.blindSpots
        guard reasons.isEmpty, try folder.isArmedUnobserved else { return reasons }
        return [
            "nginx does not write down what it answers, so no deployment is watched: it may not "
                + "open \(WatchFolder(appFolder: folder.path).log), or the next deployment will "
                + "tell it to. A container must mount the folder without :ro."
        ]
    }

    /// A request is answered all the same, by the wrong colour.
    private func blindness() async throws -> [String] {
        let files = try folder.read()
        guard let manifest = files.manifest, manifest.blueprint.mode == .live else { return [] }
        let inquiry = RunningNginx.Inquiry(
            expected: manifest.answer(live: try folder.state()), address: try await survey.facts().address(settings, of: files),
            patience: .zero)
        return await nginx.blindness(inquiry).map { [$0] } ?? []
    }
}
