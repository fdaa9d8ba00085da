import BlueGreen
import Orchestration

extension ConfigurationExamination {
    /// Sentences for a person although nginx is content.
    ///
    /// - Parameters:
    ///   - present: the files on disk.
    ///   - live: the colour that has traffic.
    func notices(_ present: GeneratedFiles, live: Colour?) -> [String] {
        let blueprint = present.manifest?.blueprint
        let routes = routes(to: present.services, filesOf: blueprint?.mode ?? settings.mode)
        return unreachedNotices(routes, isKnown: present.services.contains)
            + blocksWithoutRoute(routes) + pinnedNotices(routes)
            + aheadNotices(routes, blueprint, live: live) + doubledNotices(routes)
            + unreadNotices(routes) + shadowedNotices(routes)
    }

    private func unreachedNotices(
        _ routes: [SiteRoute], isKnown: (String) -> Bool
    ) -> [String] {
        var notices: [String] = []
        let inSite = includes(of: paths.server).filter { !paths.contains($0.file) }
        if settings.mode == .live, inSite.isEmpty {
            notices.append(
                "No server block of nginx includes \(paths.server) yet, so nothing reaches "
                    + "\(settings.app). Add: \(settings.serverLine)")
        }
        for service in settings.services where !isReached(service, by: routes) {
            let isLater = !isKnown(service) && !routes.isEmpty
            notices.append(
                "No location of nginx sends requests to \(service) yet. Add to one"
                    + (isLater ? ", once it is deployed: " : ": ") + settings.locationLine(service))
        }
        return notices + notPassedOn
    }

    private func isReached(_ service: String, by routes: [SiteRoute]) -> Bool {
        routes.contains { $0.service == service && $0.kind != .colouredGroup }
            || !includes(of: paths.snippet(of: service)).isEmpty
    }

    /// Such a site shows nginx's own page.
    private func blocksWithoutRoute(_ routes: [SiteRoute]) -> [String] {
        let reaching = Set(routes.flatMap { $0.directive.blocks.map(\.number) })
        return includes(of: paths.server)
            .filter { !isGenerated($0.file) && !reaching.contains($0.block) }
            .map {
                "The server block at \($0.place) includes \(paths.server), and none of its "
                    + "locations sends requests to a service of \(settings.app)."
            }
    }

    private func pinnedNotices(_ routes: [SiteRoute]) -> [String] {
        routes.filter { settings.mode == .live && $0.kind == .colouredGroup }.map {
            "\($0.place) names one colour of \($0.service), so its requests stay there whoever has "
                + "traffic. To follow the traffic: \(settings.locationLine($0.service))"
        }
    }

    /// A site may come before the release that serves it; until then its visitors get 503.
    private func aheadNotices(
        _ routes: [SiteRoute], _ blueprint: Blueprint?, live: Colour?
    ) -> [String] {
        guard let live, let blueprint else { return [] }
        let served = Set(blueprint.table[live].map(\.service))
        return routes.filter { !served.contains($0.service) }.map {
            "\($0.place) sends requests to \($0.service), which \(live) does not expose: they are "
                + "answered with 503."
        }
    }

    /// Behind PROXY protocol a client's own headers come from a trusted address.
    private func unreadNotices(_ routes: [SiteRoute]) -> [String] {
        if settings.trustedProxies.isEmpty { return [] }
        let isRead = directives.contains { $0.words == ["real_ip_header", "proxy_protocol"] }
        let servers = Set(routes.compactMap { $0.directive.block(named: "server")?.number })
        return directives.filter {
            $0.name == "listen" && $0.words.contains("proxy_protocol") && !isRead
                && servers.contains($0.block)
        }.map {
            "\($0.place) listens for PROXY protocol and nothing reads the address that it tells, so a "
                + "client could name another one. Add to that server block: "
                + "set_real_ip_from ADDRESS_OF_THE_BALANCER; real_ip_header proxy_protocol;"
        }
    }

    private func doubledNotices(_ routes: [SiteRoute]) -> [String] {
        headersSentTwice(Set(Blueprint.headers), routes).map {
            "\($0.place): the header \($0.words[1]) is sent twice, here and by the file that Teal "
                + "wrote for the location. Remove this line. If a proxy in front tells it, name "
                + "that proxy in teal.yml: `nginx: {trusted_proxies: [10.0.0.0/8]}`."
        }
    }
}
