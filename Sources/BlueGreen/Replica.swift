/// One container of a service in a colour, counted from 1: `web-1`.
package struct Replica: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let service: String
    package let index: Int

    package init(service: String, index: Int) {
        self.service = service
        self.index = index
    }

    package var description: String { "\(service)-\(index)" }

    package static func < (left: Replica, right: Replica) -> Bool {
        (left.service, left.index) < (right.service, right.index)
    }
}
