package import BlueGreen

/// Where nginx finds one exposed service in one colour.
package struct Route: Hashable, Codable, Sendable {
    package let service: String
    /// `10.213.5.10:8080`, one per replica, in replica order.
    package let endpoints: [String]

    package init(service: String, endpoints: [String]) {
        self.service = service
        self.endpoints = endpoints
    }
}

/// All routes of an app, for both colours. A service that only one colour has is answered with
/// 503 in the other.
package struct RoutingTable: Hashable, Codable, Sendable {
    package let blue: [Route]
    package let green: [Route]

    package init(blue: [Route], green: [Route]) {
        self.blue = blue
        self.green = green
    }

    package static let empty = RoutingTable(blue: [], green: [])

    /// The routes of a colour and of the other one.
    package init(_ colour: Colour, own: [Route], other: [Route]) {
        switch colour {
        case .blue: self.init(blue: own, green: other)
        case .green: self.init(blue: other, green: own)
        }
    }

    package subscript(colour: Colour) -> [Route] {
        switch colour {
        case .blue: blue
        case .green: green
        }
    }
}
