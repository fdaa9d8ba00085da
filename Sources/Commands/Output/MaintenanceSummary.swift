import BlueGreen

/// The words of `maintenance`: the page that visitors get now, and how to end it.
struct MaintenanceSummary {
    let app: AppContext
    /// As it is now.
    let traffic: Traffic
    /// Whether this run did it.
    let isChanged: Bool
    /// A deployment that waits or was cut off.
    let unfinished: Deployment?

    var text: String {
        let lines = traffic.isInMaintenance ? on : off
        return lines.flatMap(SafeLine.lines).map { $0 + "\n" }.joined()
    }

    private var on: [String] {
        let page = app.file.maintenancePage.map { "the page \($0)" } ?? "Teal's maintenance page"
        let head = isChanged ? "is on" : "was on already"
        return ["Maintenance \(head): visitors of \(app.name) get \(page) (503)."]
            + [health, behind].compactMap(\.self) + leftAlone
            + ["Next: \(app.command("maintenance off")) ends it."]
    }

    private var off: [String] {
        let head = isChanged ? "is off" : "was off already"
        guard let colour = traffic.colour else {
            return [
                "Maintenance \(head), but no colour has traffic: visitors of \(app.name) get 503."
            ] + leftAlone + ["Next: \(app.command("deploy"))."]
        }
        return ["Maintenance \(head): visitors of \(app.name) get the app, in \(colour)."]
            + leftAlone
    }

    private var health: String? {
        let paths = app.configuration.healthPaths
        if traffic.colour == nil { return nil }
        if paths.isEmpty { return "Every path is hidden: teal.yml names no health path." }
        return "Still answered by the app: \(paths.map(\.description).joined(separator: ", "))."
    }

    private var behind: String {
        let colour = traffic.colour
        let rest =
            colour == nil
            ? "A deploy goes on as usual, behind the page."
            : "Deploys and rollbacks go on as usual, behind the page."
        return "\(Traffic.sentence(colour, " behind it")) \(rest)"
    }

    private var leftAlone: [String] {
        guard let deployment = unfinished else { return [] }
        return [
            "Deployment \(deployment.number) stands in \(deployment.phaseName) and was left so: "
                + "\(app.command("status")) says more."
        ]
    }
}
