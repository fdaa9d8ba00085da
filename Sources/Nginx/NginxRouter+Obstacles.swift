package import BlueGreen
package import Orchestration

extension NginxRouter {
    /// Compares the release with what the sites ask of the app, so that no location is left
    /// without a service behind it.
    ///
    /// `nginx -T` reads the disk. Workers that have not been told of it yet may ask for less,
    /// which refuses too much, and never for a service that the release lacks, unless its line was
    /// taken out and nginx was not reloaded since.
    package func obstacles(to services: [PlannedService]) async throws -> [Obstacle] {
        let container = try await nginx.container()
        let examination = try await nginx.examine()
        let facts = NginxFacts(examination, container, settings)
        await known.remember(facts, of: examination)
        let present = try folder.contents()
        let exposed = services.filter { $0.role == .exposed }.map(\.name)
        let found =
            switch examination.configuration {
            case .success(let dump):
                ConfigurationExamination(dump, settings).obstacles(to: exposed, present.files)
            case .failure(let refusal):
                obstacles(to: exposed, present, refusal)
            }
        guard found.isEmpty, present.live.colour != nil,
            let fault = try? await fault(of: examination, present, container),
            nginx.missingFile(fault) == nil, await isSwitchable(present, facts)
        else { return found }
        return [Obstacle("\(fault)", hindersWayBack: false)]
    }

    /// A first release writes the files that the site already includes. With a colour that has
    /// traffic, a site may ask for a service that only the candidate has: it would be taken by the
    /// reload that arms, and its visitors would get 503 until the switch. A file of Teal's that is
    /// lost is written anew, so a release of the same services passes.
    private func obstacles(
        to exposed: [String], _ present: AppFolder.Contents, _ refusal: NginxError
    ) -> [Obstacle] {
        guard let live = present.live.colour, let table = present.files.manifest?.blueprint.table
        else { return [] }
        let new = Set(exposed).subtracting(table[live].map(\.service)).sorted()
        if new.isEmpty { return [] }
        return [
            Obstacle(
                "\(refusal) This release brings \(new.joined(separator: ", ")), which \(live) does "
                    + "not expose. A site that asks for it now would answer 503 until the switch. "
                    + "Take such a line out of the site until the release is deployed.")
        ]
    }
}
