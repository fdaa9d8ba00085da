import BlueGreen
import Orchestration

/// The command that shows the log of an app's containers.
struct LogCommand {
    /// The containers that the log is of.
    enum Subject: Hashable {
        /// All of the colour.
        case colour(Colour)
        /// One of so many replicas in the colour. Compose knows the only one by its service's name.
        case replica(Replica, of: Int, Colour)
        /// In no colour, so that Compose does not find it there; by its name in Docker.
        case shared(container: String)
        /// A service of a swarm, by its name in Docker: no Compose knows it.
        case swarm(service: String)
    }

    let subject: Subject
    /// ` --app shop`, where the user named the app or the file himself.
    let options: String

    init(_ subject: Subject, options: String) {
        self.subject = subject
        self.options = options
    }

    /// - Parameter containers: all of the app.
    init(
        of container: Container, among containers: [Container], _ engine: EngineChoice,
        options: String
    ) {
        self.options = options
        if engine == .swarm {
            // A task has its service's name and its own number.
            let number = container.name.lastIndex(of: ".") ?? container.name.endIndex
            subject = .swarm(service: String(container.name[..<number]))
            return
        }
        guard let colour = container.placement?.colour, container.role != .shared else {
            subject = .shared(container: container.name)
            return
        }
        let count = containers.count {
            $0.placement?.colour == colour && $0.replica.service == container.replica.service
        }
        subject = .replica(container.replica, of: count, colour)
    }

    /// In backquotes.
    var text: String {
        switch subject {
        case .colour(let colour): "`teal compose\(options) \(colour) logs`"
        case .replica(let replica, let count, let colour):
            "`teal compose\(options) \(colour) logs "
                + "\(count > 1 ? replica.description : replica.service)`"
        case .shared(let container): "`docker logs \(container)`"
        case .swarm(let service): "`docker service logs \(service)`"
        }
    }
}
