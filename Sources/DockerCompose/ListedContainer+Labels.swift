import BlueGreen

/// What Teal's own labels say.
extension ListedContainer {
    var replica: Replica? { Replica(labels: labels) }

    var role: ServiceRole? {
        labels[ResourceLabel.role].flatMap(ServiceRole.init(rawValue:))
    }

    /// nil for shared services.
    var placement: Placement? {
        guard let colour = labels[ResourceLabel.colour].flatMap(Colour.init(rawValue:)),
            let release = labels[ResourceLabel.release].flatMap({ ReleaseID($0) })
        else { return nil }
        return Placement(colour: colour, release: release)
    }

    var grace: Duration {
        .seconds(labels[ResourceLabel.grace].flatMap { Int($0) } ?? 10)
    }
}

extension Replica {
    init?(labels: [String: String]) {
        guard let service = labels[ResourceLabel.service],
            let index = labels[ResourceLabel.replica].flatMap({ Int($0) })
        else { return nil }
        self.init(service: service, index: index)
    }
}
