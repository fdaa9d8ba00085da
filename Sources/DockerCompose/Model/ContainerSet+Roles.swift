import BlueGreen
import DockerEngine
import Orchestration

extension ContainerSet {
    /// Containers in the way of services that were shared and belong to a colour now, or the
    /// reverse: both would answer to one name, and write to one volume.
    ///
    /// - Parameters:
    ///   - containers: all of the app.
    ///   - colour: the one that the set is for; what it holds is removed anyway.
    func roleChanges(among containers: [ListedContainer], in colour: Colour) -> [ServiceProblem] {
        containers.sorted { $0.name < $1.name }.compactMap { container in
            guard let name = container.replica?.service, let before = container.role,
                let service = services.first(where: { $0.name == name }),
                (before == .shared) != (service.role == .shared)
            else { return nil }
            let change =
                "\(name) was \(before.rawValue) and is \(service.role.rawValue) in this "
                + "release, and its container \(container.name) "
            let remedy =
                ". Remove it: `docker rm -f \(container.name)` (named volumes stay); what has "
                + "traffic is without it until the new one runs."
            if before == .shared {
                return ServiceProblem(name, change + "is still there" + remedy)
            }
            guard container.mayRun, let place = container.placement, place.colour != colour else {
                return nil
            }
            return ServiceProblem(name, change + "still runs in \(place.colour)" + remedy)
        }
    }
}
