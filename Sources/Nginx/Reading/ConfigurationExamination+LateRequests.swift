import BlueGreen

/// The user's lines that keep nginx from passing a late request on.
extension ConfigurationExamination {
    var notPassedOn: [String] {
        let sites = Set(
            ([paths.server] + settings.services.map { paths.snippet(of: $0) })
                .flatMap(includes).map(\.block))
        return directives.filter { directive in
            isForeign(directive) && directive.keepsToOneServer
                && (directive.context == ["http"] || sites.contains(directive.block))
        }.map { directive in
            "\(directive.words.joined(separator: " ")) at \(directive.place) keeps nginx from "
                + "asking another server. An upload that is under way at a switch is lost where "
                + "the previous colour is stopped. Leave `error` and `timeout` in, or set "
                + "`keep: {previous: running}`."
        }
    }
}

extension Directive {
    fileprivate var keepsToOneServer: Bool {
        let values = words.dropFirst()
        return switch name {
        case "proxy_next_upstream":
            values.contains("off") || !values.contains("error") || !values.contains("timeout")
        case "proxy_next_upstream_tries": values.first == "1"
        case _: false
        }
    }
}
