import BlueGreen

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

/// What a directive says of a service.
struct RouteReader: Sendable {
    private let variables: [String: String]
    private let groups: [String: String]
    private let colouredGroups: [String: String]

    /// - Parameter services: those that Teal's files on disk know. nginx refuses a name of another
    ///   unless the user defines it, and then it is none of the app's.
    init(_ names: AppNames, _ services: Set<String>, coloursOf mode: SwitchMode) {
        var variables: [String: String] = [:]
        var groups: [String: String] = [:]
        var colouredGroups: [String: String] = [:]
        for service in services {
            variables[names.variable(of: service)] = service
            groups[names.group(service)] = service
            for colour in Colour.allCases { colouredGroups[names.group(service, colour)] = service }
        }
        self.variables = variables
        // A service `web_blue` has a group of the name that is a colour's of `web` in the other
        // mode.
        switch mode {
        case .live: groups = groups.filter { colouredGroups[$0.key] == nil }
        case .reload: colouredGroups = colouredGroups.filter { groups[$0.key] == nil }
        }
        self.groups = groups
        self.colouredGroups = colouredGroups
    }

    /// - Parameter isGenerated: whether the directive stands in one of Teal's files.
    func reading(
        of directive: Directive, isGenerated: Bool
    ) -> (service: String, kind: SiteRoute.Kind)? {
        let passes = directive.name.hasSuffix("_pass")
        guard passes || !isGenerated else { return nil }
        for word in directive.words.dropFirst() {
            guard let service = Self.variables(in: word).compactMap({ variables[$0] }).first
            else { continue }
            return (service, isGenerated ? .snippet : .variable)
        }
        guard passes, directive.words.count > 1 else { return nil }
        let target = Self.target(of: directive.words[1])
        if let service = groups[target] { return (service, isGenerated ? .snippet : .group) }
        return colouredGroups[target].map { ($0, .colouredGroup) }
    }

    /// `http://shop_web/path` is to `shop_web`.
    private static func target(of word: String) -> String {
        let start = word.firstRange(of: "://")?.upperBound ?? word.startIndex
        return String(word[start...].prefix { $0 != "/" && $0 != "$" && $0 != "?" })
    }

    /// `$a-${b}` has `a` and `b`; nginx takes capitals for small letters.
    static func variables(in word: String) -> [String] {
        word.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { part in
            let text = part.hasPrefix("{") ? part.dropFirst() : part
            let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            return name.lowercased()
        }
    }
}
