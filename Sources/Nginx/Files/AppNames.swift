import BlueGreen
import HostSystem

/// The names that an app's things have in nginx, which all apps share one space of.
///
/// An app's name has no `_` and starts with a letter, a service's starts with neither `-` nor
/// `_`. So the first `_` of a group divides the two, and names that start with `_` are free for
/// what belongs to the app as a whole. Groups may be of any length, variables may not.
struct AppNames: Hashable, Sendable {
    let app: String
    /// The app in the names of its variables: `shop`, `acme__portal`, or a short form.
    let stem: String

    init(app: String) {
        self.app = app
        stem = VariableName.stem(of: app)
    }

    /// The service in the names of groups, which nginx compares without regard to capitals.
    func plain(_ service: String) -> String {
        service.lowercased().replacing(".", with: "-")
    }

    /// The `upstream` of one colour, `shop_web_blue`.
    func group(_ service: String, _ colour: Colour) -> String {
        "\(group(service))_\(colour)"
    }

    /// The group of the colour that a request's variable names.
    func liveGroup(_ service: String) -> String {
        "\(group(service))_$\(colour)"
    }

    /// The one `upstream` that `reload` mode has for a service, `shop_web`.
    func group(_ service: String) -> String {
        "\(app)_\(plain(service))"
    }

    /// The `upstream` that answers 503.
    var placeholder: String { "_\(app)_none" }

    /// Without its `$`. A variable cannot have a `-`, and two of `_` for it keep `shop-web`'s
    /// `api` apart from `shop`'s `web-api`.
    func variable(of service: String) -> String {
        VariableName.of(plain(service), in: app)
    }

    /// Whether it is a short form, since nginx takes no variable of the whole name.
    func hasShortVariable(_ service: String) -> Bool {
        variable(of: service) != VariableName.readable(plain(service), in: app)
    }

    var hasShortStem: Bool { stem != VariableName.readableStem(of: app) }

    var connection: String { "_\(stem)_connection" }

    var host: String { "_\(stem)_host" }

    /// The colour that has traffic, as far as this request is concerned.
    var colour: String { "_\(stem)_colour" }

    /// The flags of the state that the link leads to, each behind a space.
    var state: String { "_\(stem)_state" }

    /// Where a file would be that says something special; empty at rest.
    func path(of word: String) -> String {
        "_\(stem)_\(word)_path"
    }

    /// By what a client is known again.
    var client: String { "_\(stem)_client" }

    /// The group that the client belongs to.
    var clients: String { "_\(stem)_clients" }

    /// The colour that has no traffic, or only a share of it.
    var other: String { "_\(stem)_other" }

    /// Not empty where Teal itself asks.
    var asker: String { "_\(stem)_asker" }

    /// Not empty for a request that is to be written down.
    var log: String { "_\(stem)_log" }

    var slot: String { "_\(stem)_slot" }

    /// The colour that answered a request.
    var answerer: String { "_\(stem)_answerer" }

    var logFormat: String { "_\(app)_watch" }

    /// A fact of a request behind a proxy.
    func proxy(_ word: String) -> String { "_\(stem)_\(word)" }

    var gate: String { "_\(stem)_gate" }

    /// The status server's answer, where it is too long for one word of nginx.
    var answer: String { "_\(stem)_answer" }

    /// The Host header that asks for the app's status server.
    var statusHost: String { "teal-\(app)" }

    /// The value of `$APP_SERVICE` while this colour, or none, has traffic.
    func value(of service: String, live colour: Colour?) -> String {
        colour.map { group(service, $0) } ?? placeholder
    }

    /// The `server_name` of the status server. An expression stands in no hash, so a long name
    /// needs no large one: with cache lines of 32 bytes nginx takes 14 characters.
    var statusName: String {
        statusHost.utf8.count > 14 ? "~^\(statusHost)$" : statusHost
    }

    static func isStatusName(_ name: String) -> Bool {
        name.hasPrefix("teal-") || name.hasPrefix("~^teal-")
    }
}

/// Names of maintenance and of the preview.
extension AppNames {
    /// The `upstream` that takes a colour's place in maintenance, `shop_web_maintenance`.
    func maintenanceGroup(_ service: String) -> String {
        "\(group(service))_\(LinkState.maintenanceMarker)"
    }

    /// The `upstream` of maintenance while no colour has traffic, and the variable that has its
    /// name for visitors.
    var closed: String { "_\(stem)_closed" }

    /// The `upstream` of `reload` mode that health checks reach in maintenance.
    func keptGroup(_ service: String) -> String {
        "_\(group(service))_kept"
    }

    /// The colour of a request in maintenance: its own, or the marker of maintenance.
    var open: String { "_\(stem)_open" }

    /// The colour without the traffic.
    var previewColour: String { "_\(stem)_preview" }
}

/// Names of the server that takes late requests, and of the preview's groups.
extension AppNames {
    /// The `upstream` of a colour's containers alone, `_shop_web_blue`.
    ///
    /// - Parameter colour: may be the variable that holds it.
    func plainGroup(_ service: String, _ colour: String) -> String {
        "_\(group(service))_\(colour)"
    }

    /// The same of the service that a request is for.
    func lateGroup(_ colour: String) -> String {
        "_\(app)_${\(lateService)}_\(colour)"
    }

    /// The group that a late request goes to.
    var late: String { "_\(stem)_late" }

    /// The service that it is for.
    var lateService: String { "_\(stem)_late_service" }

    /// The colour that it was bound to.
    var lateColour: String { "_\(stem)_late_colour" }
}

/// Names of what Teal asks by way of nginx.
extension AppNames {
    /// The group that such a request is for, without the `_` before it.
    var edge: String { "_\(stem)_edge" }

    /// The path to ask there, query included.
    var edgePath: String { "_\(stem)_edge_path" }
}
