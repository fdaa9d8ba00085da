import BlueGreen

/// Finds the service that a directive sends requests to.
struct RouteReader: Sendable {
    private let variables: [String: String]
    private let groups: [String: String]
    private let colouredGroups: [String: String]

    /// - Parameters:
    ///   - services: those that Teal's files on disk know. nginx refuses a name of another unless
    ///     the user defines it, and then it is none of the app's.
    ///   - mode: of those files. A group of the other one is the user's.
    init(_ names: AppNames, _ services: Set<String>, filesOf mode: SwitchMode) {
        var variables: [String: String] = [:]
        var groups: [String: String] = [:]
        var colouredGroups: [String: String] = [:]
        for service in services {
            variables[names.variable(of: service)] = service
            switch mode {
            case .live:
                for colour in Colour.allCases {
                    colouredGroups[names.group(service, colour)] = service
                }
            case .reload: groups[names.group(service)] = service
            }
        }
        self.variables = variables
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
