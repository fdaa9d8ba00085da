package import BlueGreen

/// A container that was found off one of its networks, and the result of bringing it back.
package struct Reconnection: Hashable, Sendable, CustomStringConvertible {
    /// The container's name in Docker.
    package let container: String
    package let network: String
    /// The colour that the network belongs to; nil for one of somebody else.
    package let colour: Colour?
    /// A sentence of the engine, where it refused; nil where the container is back.
    package let refusal: String?

    package init(container: String, network: String, colour: Colour?, refusal: String? = nil) {
        self.container = container
        self.network = network
        self.colour = colour
        self.refusal = refusal
    }

    package var description: String {
        switch refusal {
        case nil: "\(container) was off the network \(network) and is in it again."
        case let refusal?: "\(container) is off the network \(network). \(refusal)"
        }
    }
}
