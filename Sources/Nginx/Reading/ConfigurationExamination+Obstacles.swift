import BlueGreen
import HostSystem
import Orchestration

/// The demands of the sites that a release does not serve.
extension ConfigurationExamination {
    /// - Parameters:
    ///   - exposed: the services of the release.
    ///   - present: the files on disk, which the sites may include.
    func obstacles(to exposed: [String], _ present: GeneratedFiles) -> [Obstacle] {
        let known = present.services
        let routes = routes(
            to: known, filesOf: present.manifest?.blueprint.mode ?? settings.mode)
        let served = routes.filter { exposed.contains($0.service) }
        let unserved = routes.filter { !exposed.contains($0.service) }
        let new = exposed.filter { !known.contains($0) }
        return grouped(unserved) { unservedObstacle($0, $1, exposed, new) }
            + grouped(served.filter(isOfOtherMode)) { Obstacle(otherModeObstacle($0, $1)) }
            + grouped(served.filter(lacksServerFile)) { Obstacle(serverFileObstacle($0, $1)) }
            + linesOfAnotherFolder.map(anotherFolderObstacle) + sharedListens
    }

    private func anotherFolderObstacle(_ line: Directive) -> Obstacle {
        Obstacle(
            "\(line.place) includes a file that Teal wrote for \(settings.app) in another folder, "
                + "and teal.yml says `nginx: {directory: \(settings.directory)}`. Requests there "
                + "would not follow the traffic. Name the folder of before in teal.yml, or take "
                + "the line out until the release is deployed, and include the files of "
                + "\(paths.folder) then.")
    }

    private func grouped(
        _ routes: [SiteRoute], _ obstacle: (String, [SiteRoute]) -> Obstacle
    ) -> [Obstacle] {
        Dictionary(grouping: routes, by: \.service).sorted { $0.key < $1.key }
            .map { obstacle($0.key, $0.value) }
    }

    private func lacksServerFile(_ route: SiteRoute) -> Bool {
        switch (settings.mode, route.kind) {
        case (.live, .snippet), (.live, .variable): !isDecided(route)
        case (.live, .group), (.live, .colouredGroup), (.reload, _): false
        }
    }

    private func isOfOtherMode(_ route: SiteRoute) -> Bool {
        switch (settings.mode, route.kind) {
        case (.live, .group), (.reload, .variable), (.reload, .colouredGroup): true
        case (.live, .snippet), (.live, .variable), (.live, .colouredGroup),
            (.reload, .snippet), (.reload, .group):
            false
        }
    }

    private func unservedObstacle(
        _ service: String, _ routes: [SiteRoute], _ exposed: [String], _ new: [String]
    ) -> Obstacle {
        let all =
            exposed.isEmpty ? "no service" : exposed.sorted().joined(separator: ", ")
        let rename =
            new.first.map {
                " Where \($0) takes its place, first deploy a release that exposes both. Then let "
                    + "the site include \(paths.snippet(of: $0)), reload nginx, and deploy the "
                    + "release without \(service)."
            } ?? ""
        let finding =
            "nginx sends requests to \(service) by \(places(routes)), and this release does not "
            + "expose \(service): it exposes \(all)."
        return Obstacle(
            "\(finding) They would be answered with 503. Give \(service) its `port` in teal.yml, or "
                + "take the line out of the site and run `\(reloadLine)`.\(rename)",
            loss: Obstacle.Loss(
                "\(finding) They are answered with 503.",
                remedy: "To go back, take the line out of the site and run `\(reloadLine)`, or run "
                    + "`teal rollback --accept-missing-service`."))
    }

    private func serverFileObstacle(_ service: String, _ routes: [SiteRoute]) -> String {
        let blocks = Set(
            routes.compactMap { $0.directive.block(named: "server")?.origin.description })
        return
            "nginx sends requests to \(service) by \(places(routes)), and the server block there "
            + "does not include \(paths.server), which says who has traffic. They are answered "
            + "with 500. Add this line to the server block at "
            + "\(blocks.sorted().joined(separator: ", ")), and run `\(reloadLine)`: "
            + settings.serverLine
    }

    private func otherModeObstacle(_ service: String, _ routes: [SiteRoute]) -> String {
        let other = settings.mode == .live ? SwitchMode.reload : .live
        return "nginx sends requests to \(service) by \(places(routes)) under a name that only "
            + "`switch: \(other.rawValue)` has, and teal.yml says `switch: "
            + "\(settings.mode.rawValue)`. Write there instead: \(settings.locationLine(service)) "
            + "Then run `\(reloadLine)`. Or say `switch: \(other.rawValue)` in teal.yml."
    }

    private func places(_ routes: [SiteRoute]) -> String {
        var seen: Set<String> = []
        return routes.map(\.place).filter { seen.insert($0).inserted }.joined(separator: ", ")
    }

    private var reloadLine: String {
        let command = NginxProgram(settings).reload
        return ([command.executable] + command.arguments).joined(separator: " ")
    }
}
