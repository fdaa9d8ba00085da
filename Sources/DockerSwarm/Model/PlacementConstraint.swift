import DockerEngine

/// One of `deploy.placement.constraints`, `node.labels.zone==west`, as the swarm reads it. Pure.
struct PlacementConstraint: Hashable, Sendable {
    private let key: String
    private let value: String
    private let isEqual: Bool

    /// nil for another shape, which the swarm itself refuses.
    init?(_ text: String) {
        let sign = text.contains("!=") ? "!=" : "=="
        let parts = text.split(separator: sign, maxSplits: 1).map(\.trimmedSpaces)
        guard parts.count == 2 else { return nil }
        (key, value, isEqual) = (parts[0], parts[1], sign == "==")
    }

    /// A key that is not known here lets every node pass: the swarm itself judges it.
    func admits(_ node: SwarmNode) -> Bool {
        guard let own = node.value(of: key) else { return true }
        return (own.lowercased() == value.lowercased()) == isEqual
    }
}

extension SwarmNode {
    /// Empty for a label that the node has not; nil for a key that is not known.
    fileprivate func value(of key: String) -> String? {
        for (prefix, labels) in [
            ("node.labels.", spec["Labels"]), ("engine.labels.", description["Engine"]?["Labels"]),
        ] where key.hasPrefix(prefix) {
            return labels?[String(key.dropFirst(prefix.count))]?.string ?? ""
        }
        return switch key {
        case "node.id": id
        case "node.hostname": name
        case "node.role": isManager ? "manager" : "worker"
        case "node.platform.os": description["Platform"]?["OS"]?.string ?? ""
        default: nil
        }
    }
}

extension Substring {
    fileprivate var trimmedSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
