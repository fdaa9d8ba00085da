package import DockerEngine
package import Orchestration

extension ComposeProject {
    /// The outline with what the images say that are on this host. A daemon that cannot be asked
    /// is no failure: `imageTrouble` has the reason.
    package func outline(lookingAt api: EngineAPI) async throws -> ProjectOutline {
        var outline = self.outline
        do {
            for index in outline.services.indices {
                let name = outline.services[index].name
                let image = outline.services[index].image ?? "\(app)-\(name)"
                guard let found = try await api.inspectImage(image) else { continue }
                outline.services[index].hasKnownImage = true
                outline.services[index].imageVolumes = found.volumes.sorted()
                outline.services[index].emptyVolumes = emptyPlaces(of: name, found.volumes)
                outline.services[index].sourceMounts =
                    services.first { $0.name == name }.map { sourceMounts(of: $0, found) } ?? []
            }
        } catch let error as DockerError {
            outline.imageTrouble = "\(error)"
        }
        return outline
    }
}
