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

    /// What a request in maintenance has for its colour: its own, or the marker of maintenance.
    var open: String { "_\(underscored(app))_open" }

    /// The `upstream` of the preview, `_shop_web_blue`.
    ///
    /// - Parameter colour: a colour, or the variable that holds one.
    func previewGroup(_ service: String, _ colour: String) -> String {
        "_\(app)_\(service)_\(colour)"
    }

    /// The colour without the traffic.
    var previewColour: String { "_\(underscored(app))_preview" }
}
