import BlueGreen
import DockerEngine
import Orchestration

extension ComposeEngine {
    /// One sentence for each service with a volume over the code of its image, as only the image
    /// tells. What the compose file tells alone is said before.
    func codeVolumeNotices(of set: ContainerSet, _ moment: ImageMoment) async throws -> [String] {
        var notices: [String] = []
        for service in set.coloured {
            let own = ComposeService(name: service.name, model: set.model(of: service))
            let name =
                switch moment {
                case .supplied: set.pinnedImage(of: service)
                case .certain, .present: set.image(of: service)
                }
            guard own.mounts.contains(where: { $0.type == "volume" }),
                let image = try await api.inspectImage(name)
            else { continue }
            let told = set.project.codeVolumes(of: own, nil)
            let found = set.project.codeVolumes(of: own, image).filter { !told.contains($0) }
            notices += [found.sourceWarning(of: service.name)].compactMap(\.self)
        }
        return notices
    }
}
