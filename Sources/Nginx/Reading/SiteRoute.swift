/// A line of nginx's configuration that sends requests to one of an app's services, or needs its
/// variable: the demand of a site, which a release has to serve.
struct SiteRoute: Hashable, Sendable {
    /// How the line names the service.
    enum Kind: Hashable, Sendable {
        /// By the file that Teal writes for it, however that file is included.
        case snippet
        /// By hand: the variable that follows the traffic in `live` mode.
        case variable
        /// By hand: the group that follows the traffic in `reload` mode.
        case group
        /// By hand: the group of one colour in `live` mode, whoever has the traffic.
        case colouredGroup
    }

    let service: String
    let kind: Kind
    let directive: Directive
    /// The user's line: the one that includes Teal's file, or the directive itself.
    let line: Directive.Place

    /// `F:7 (location /api)`.
    var place: String {
        let block = directive.block(named: "location") ?? directive.blocks.last
        return "\(line)" + (block.map { " (\($0.words.joined(separator: " ")))" } ?? "")
    }
}
