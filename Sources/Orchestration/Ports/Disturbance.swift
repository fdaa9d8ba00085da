/// Something that others have brought or done, and that the app's own containers do not tell.
package enum Disturbance: Hashable, Sendable, CustomStringConvertible {
    /// A thing of somebody else in the way of the next deploy.
    case stranger(Obstacle)
    /// A container of the app lost one of its networks, so that others do not find it.
    case offNetwork(container: String, network: String)

    package var description: String {
        switch self {
        case .stranger(let obstacle): obstacle.description
        case .offNetwork(let container, let network):
            "\(container) is off the network \(network)."
        }
    }

    /// Whether the app itself suffers from it.
    package var isHarm: Bool {
        switch self {
        case .stranger: false
        case .offNetwork: true
        }
    }
}
