/// Where the image of one service of a release would come from.
package struct ImageForecast: Hashable, Sendable {
    package enum Supply: String, Hashable, Sendable, Codable {
        case here
        case pull
        case build
        /// A shared service keeps its container, and the image of that.
        case ofContainer = "container"
        /// It is not here, and pulling is switched off: the deploy would fail.
        case missing
    }

    package let service: String
    /// As the compose file names it.
    package let image: String
    package let supply: Supply
    /// What would be run for it; nil where nothing would.
    package let command: String?

    package init(service: String, image: String, supply: Supply, command: String?) {
        self.service = service
        self.image = image
        self.supply = supply
        self.command = command
    }
}
