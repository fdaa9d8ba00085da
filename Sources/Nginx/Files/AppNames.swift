import BlueGreen

/// The names that an app's things have in nginx, which all apps share one space of.
///
/// An app's name has no `_` and starts with a letter, a service's starts with neither `-` nor
/// `_`. So the first `_` of a group divides the two, and names that start with `_` are free for
/// what belongs to the app as a whole.
struct AppNames: Hashable, Sendable {
    let app: String

    /// The `upstream` of one colour, `shop_web_blue`.
    func group(_ service: String, _ colour: Colour) -> String {
        "\(app)_\(service)_\(colour)"
    }

    /// The group of the colour that a request's variable names.
    func liveGroup(_ service: String) -> String {
        "\(app)_\(service)_$\(colour)"
    }

    /// The one `upstream` that `reload` mode has for a service, `shop_web`.
    func group(_ service: String) -> String {
        "\(app)_\(service)"
    }

    /// The `upstream` that answers 503.
    var placeholder: String { "_\(app)_none" }

    /// Without its `$`. A variable cannot have a `-`, and two of `_` for it keep `shop-web`'s
    /// `api` apart from `shop`'s `web-api`.
    func variable(of service: String) -> String {
        underscored(app) + "_" + underscored(service)
    }

    var connection: String { "_\(underscored(app))_connection" }

    var host: String { "_\(underscored(app))_host" }

    /// The colour that has traffic, as far as this request is concerned.
    var colour: String { "_\(underscored(app))_colour" }

    /// The flags of the state that the link leads to, each behind a space.
    var state: String { "_\(underscored(app))_state" }

    /// Where a file would be that says something special; empty at rest.
    func path(of word: String) -> String {
        "_\(underscored(app))_\(word)_path"
    }

    /// By what a client is known again.
    var client: String { "_\(underscored(app))_client" }

    /// The group that the client belongs to.
    var clients: String { "_\(underscored(app))_clients" }

    /// The colour that has no traffic, or only a share of it.
    var other: String { "_\(underscored(app))_other" }

    /// Not empty where Teal itself asks.
    var asker: String { "_\(underscored(app))_asker" }

    /// Not empty for a request that is to be written down.
    var log: String { "_\(underscored(app))_log" }

    var slot: String { "_\(underscored(app))_slot" }

    /// The colour that answered a request.
    var answerer: String { "_\(underscored(app))_answerer" }

    var logFormat: String { "_\(app)_watch" }

    /// A fact of a request behind a proxy.
    func proxy(_ word: String) -> String { "_\(underscored(app))_\(word)" }

    var gate: String { "_\(underscored(app))_gate" }

    /// The Host header that chooses the app's status server.
    var statusHost: String { "teal-\(app)" }

    /// The value of `$APP_SERVICE` while this colour, or none, has traffic.
    func value(of service: String, live colour: Colour?) -> String {
        colour.map { group(service, $0) } ?? placeholder
    }

    func underscored(_ name: String) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "__")
    }
}

/// Names of maintenance and of the preview.
extension AppNames {
    /// The `upstream` that takes a colour's place in maintenance, `shop_web_maintenance`.
    func maintenanceGroup(_ service: String) -> String {
        "\(app)_\(service)_\(LinkState.maintenanceMarker)"
    }

    /// The `upstream` of maintenance while no colour has traffic, and the variable that has its
    /// name for visitors.
    var closed: String { "_\(underscored(app))_closed" }

    /// The `upstream` of `reload` mode that health checks reach in maintenance.
    func keptGroup(_ service: String) -> String {
        "_\(app)_\(service)_kept"
    }

    /// The colour of a request in maintenance: its own, or the marker of maintenance.
    var open: String { "_\(underscored(app))_open" }

    /// The colour without the traffic.
    var previewColour: String { "_\(underscored(app))_preview" }
}

/// Names of the server that takes late requests, and of the preview's groups.
extension AppNames {
    /// The `upstream` of a colour's containers alone, `_shop_web_blue`.
    ///
    /// - Parameters: each may be the variable that holds it.
    func plainGroup(_ service: String, _ colour: String) -> String {
        "_\(app)_\(service)_\(colour)"
    }

    /// The group that a late request goes to.
    var late: String { "_\(underscored(app))_late" }

    /// The service that it is for.
    var lateService: String { "_\(underscored(app))_late_service" }

    /// The colour that it was bound to.
    var lateColour: String { "_\(underscored(app))_late_colour" }
}
