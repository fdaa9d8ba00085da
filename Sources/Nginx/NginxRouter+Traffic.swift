package import BlueGreen
import HostSystem
package import Orchestration

extension NginxRouter {
    /// In `live` mode workers that shut down look at the link too and feed nobody else.
    package func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        let blueprint = try recorded(try folder.contents())
        let endpoints = blueprint?.table[colour].flatMap(\.endpoints) ?? []
        let reloads = blueprint?.mode == .reload
        let facts = settings.container == nil && !reloads ? nil : try await known.facts()
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
        // A file that nginx reads by two ways has the same line twice.
        var places: [String] = []
        for place in sites.map(\.place) where !places.contains(place) { places.append(place) }
        guard places.isEmpty else { throw NginxError.stillIncluded(places) }
        try await change(from: try folder.contents()).apply(.none)
        try folder.removeAll()
    }
}
