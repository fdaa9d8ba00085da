/// A release in the colour that it runs in.
package struct Placement: Hashable, Codable, Sendable {
    package let colour: Colour
    package let release: ReleaseID

    package init(colour: Colour, release: ReleaseID) {
        self.colour = colour
        self.release = release
    }
}
