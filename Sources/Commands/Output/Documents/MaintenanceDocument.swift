import BlueGreen

/// The result of `maintenance` with `--json`.
struct MaintenanceDocument: Encodable {
    let formatVersion = 1
    let app: String
    let exitStatus: Int32
    /// `on` or `off`.
    let maintenance: String
    /// The colour that has traffic, behind the page or in front; left out where none has.
    let traffic: String?
    /// The user's own; left out for Teal's.
    let page: String?
    /// The paths that the app answers all the same.
    let healthPaths: [String]

    init(app: AppContext, _ wanted: Maintenance.Wanted, traffic: Traffic) {
        self.app = app.name
        exitStatus = ExitStatus.done.rawValue
        maintenance = wanted.rawValue
        self.traffic = traffic.colour?.rawValue
        page = app.file.maintenancePage
        healthPaths = app.configuration.healthPaths.map(\.description)
    }
}
