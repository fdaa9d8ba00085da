import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// Places where an image keeps data (VOLUME) and the compose file mounts nothing. Docker gives
/// each container an empty volume there, which goes with it.
extension ContainerSet {
    /// - Parameter declared: the image's volumes.
    /// - Returns: nil where the service may have them, or has none.
    func emptyVolumeProblem(_ declared: [String], of service: PlannedService) -> ServiceProblem? {
        let name = service.name
        let own = settings[name] ?? ServiceSettings()
        let places = project.emptyPlaces(of: name, declared)
        guard service.role != .shared, !own.volumes.contains(.fresh), !places.isEmpty else {
            return nil
        }
        let remedies = Remedy.forEmptyVolumes(
            name, project.belonging(of: name, settings), volumes: own.volumes,
            service.role == .exposed ? .impossible : project.sharing(of: name, settings))
        return ServiceProblem(
            name,
            "\(name) keeps data at \(places.joined(separator: ", ")), as its image "
                + "\(image(of: service)) says (VOLUME), and nothing is mounted there: each colour "
                + "would begin with an empty one, and lose it with its containers.", remedies,
            otherwise: "mount a volume there in the compose file")
    }
}

extension ContainerSet {
    fileprivate func mountsNothing(_ service: PlannedService) -> Bool {
        project.services.first { $0.name == service.name }?.writableMounts.isEmpty ?? true
    }
}

extension ComposeProject {
    /// Those of an image's volumes where the service mounts nothing, in order.
    func emptyPlaces(of service: String, _ declared: [String]) -> [String] {
        let mounted = mountedPlaces(of: service)
        return declared.filter { !mounted.contains(Self.plain($0)) }.sorted()
    }

    private func mountedPlaces(of name: String) -> Set<String> {
        let service = ComposeService(name: name, model: model["services"]?[name] ?? [:])
        let lenders = service.borrowings.filter { $0.key == "volumes_from" }.map(\.lender)
        return ([name] + lenders).reduce(into: []) { places, name in
            let model = self.model["services"]?[name]
            let mounts = (model?["volumes"]?.array ?? []).compactMap { $0["target"]?.string }
            let memory =
                model?["tmpfs"]?.array?.compactMap(\.string)
                ?? [model?["tmpfs"]?.string].compactMap(\.self)
            let disks = memory.compactMap { $0.split(separator: ":").first.map(String.init) }
            places.formUnion((mounts + disks).map(Self.plain))
        }
    }

    private static func plain(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

extension ComposeEngine {
    /// How far the images of a set are.
    enum ImageMoment {
        /// Each is the release's own.
        case supplied
        /// Those that a deploy would take as they are.
        case certain
        /// Also those that a deploy would fetch or build anew, as they are now.
        case present
    }

    func emptyVolumeObstacles(
        to set: ContainerSet, _ moment: ImageMoment
    ) async throws -> [Obstacle] {
        try await emptyVolumeProblems(of: set, moment).map { Obstacle($0.message) }
    }

    func emptyVolumeProblems(
        of set: ContainerSet, _ moment: ImageMoment
    ) async throws -> [ServiceProblem] {
        let supply = ImageSupply(set: set, folder: folder(of: set.release), settings: settings)
        var problems: [ServiceProblem] = []
        for service in set.coloured {
            switch moment {
            case .supplied, .present: break
            case .certain:
                guard try await supply.foreseen(service, existing: nil).supply == .here else {
                    continue
                }
            }
            let name =
                switch moment {
                case .supplied: set.pinnedImage(of: service)
                case .certain, .present: set.image(of: service)
                }
            guard let image = try await api.inspectImage(name) else { continue }
            let problem = set.emptyVolumeProblem(image.volumes, of: service)
            problems += [problem].compactMap(\.self)
        }
        return problems
    }

    /// One sentence for each of the shared services whose image keeps data where nothing is
    /// mounted.
    func unnamedData(
        of services: [PlannedService], in set: ContainerSet
    ) async throws -> [String] {
        var notices: [String] = []
        for service in services {
            guard let image = try await api.inspectImage(set.image(of: service)) else { continue }
            let places = set.project.emptyPlaces(of: service.name, image.volumes)
            notices += [UnnamedVolume.warning(of: service.name, at: places)].compactMap(\.self)
        }
        return notices
    }

    /// A sentence where images cannot be looked at before the deploy has them.
    func unseenImages(of set: ContainerSet) async throws -> [String] {
        var unseen: [String] = []
        for service in set.coloured + set.shared.filter(set.mountsNothing)
        where try await api.imageID(of: set.image(of: service)) == nil {
            unseen.append(service.name)
        }
        guard !unseen.isEmpty else { return [] }
        let names = unseen.joined(separator: ", ")
        return [
            (unseen.count == 1 ? "The image of \(names) is" : "The images of \(names) are")
                + " not on this host yet. Whether it keeps data at a place where nothing is "
                + "mounted (VOLUME) is looked at by the deploy, before anything starts."
        ]
    }
}
