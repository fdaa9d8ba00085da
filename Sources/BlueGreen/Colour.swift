/// One of the two places a container set can run in.
package enum Colour: String, Codable, CaseIterable, Sendable, CustomStringConvertible {
    case blue
    case green

    package var other: Colour {
        switch self {
        case .blue: .green
        case .green: .blue
        }
    }

    package var description: String { rawValue }
}

/// A release in the colour that it runs in.
package struct Placement: Hashable, Codable, Sendable {
    package let colour: Colour
    package let release: ReleaseID

    package init(colour: Colour, release: ReleaseID) {
        self.colour = colour
        self.release = release
    }
}
