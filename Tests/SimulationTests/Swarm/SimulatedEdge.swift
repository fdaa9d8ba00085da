import BlueGreen
import Orchestration
import TestSupport

/// An edge that nobody has forgotten, as visitors find it.
struct SimulatedEdge: Sendable {
    let node: String
    /// The colours that visitors get to now; none where the node is off.
    var sends: Set<Colour>
    /// Those that they may get to before the edge hears of another epoch.
    var maySend: Set<Colour>
    /// The colours that its nginx has addresses of.
    var armed: Set<Colour>
}

/// The invariants of edges: none sends visitors to a colour that does not run, and no colour is
/// stopped while one may.
extension SimulatedHost.State {
    mutating func checkEdges(after act: String) {
        for edge in edges {
            for colour in edge.sends.sorted(by: { $0.rawValue < $1.rawValue }) {
                let runs = containers.contains {
                    $0.colour == colour && $0.service.role == .exposed && $0.isRunning
                }
                if !runs {
                    violations.append(
                        "\(edge.node) sends to \(colour), which does not run, after \(act)")
                }
                if !edge.armed.contains(colour) {
                    violations.append(
                        "\(edge.node) sends to \(colour) without an address, after \(act)")
                }
            }
        }
    }

    mutating func checkEdges(before act: String, _ isMeant: (SimulatedContainer) -> Bool) {
        for container in containers
        where isMeant(container) && container.isRunning && container.service.role == .exposed {
            for edge in edges where edge.maySend.contains(container.colour) {
                violations.append(
                    "\(container.colour) met \(act) while \(edge.node) may send to it")
            }
        }
    }
}
