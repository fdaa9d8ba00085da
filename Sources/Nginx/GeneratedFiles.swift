import BlueGreen
import Orchestration

/// An app's files by their path within its folder, as generated or as found on disk.
struct GeneratedFiles: Hashable, Sendable {
    let texts: [String: String]

    var paths: [String] { texts.keys.sorted() }

    /// What stands in `http.conf` in the fingerprint's place while it is computed.
    static let noFingerprint = "-"

    /// FNV-1a with 64 bits over all names and texts. It tells configurations apart, it protects
    /// nothing.
    var computedFingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for path in paths {
            for byte in path.utf8 + [0] + (texts[path] ?? "").utf8 + [0] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What the workers of these files answer while the link leads there; nil where `http.conf`
    /// is missing.
    func answer(live: LinkState) -> StatusAnswer? {
        guard mode == .live else { return answer(routingTo: live) }
        // Without a test the link has no say; with one, no link is as good as blue.
        return answer(
            routingTo: live,
            as: server.contains("/live/green)") ? live.colour ?? .blue : nil)
    }

    /// What they must answer where requests are to go like this.
    func answer(routingTo state: LinkState) -> StatusAnswer? {
        answer(routingTo: state, as: state.colour)
    }

    private func answer(routingTo state: LinkState, as colour: Colour?) -> StatusAnswer? {
        guard let written = statusTemplate.flatMap({ StatusAnswer(template: $0) }) else {
            return nil
        }
        let names = AppNames(app: written.app)
        let values = written.values.keys.map { ($0, names.value(of: $0, live: colour)) }
        return StatusAnswer(
            app: written.app, fingerprint: written.fingerprint,
            state: Set(state.flags.filter(isKnown)),
            values: Dictionary(uniqueKeysWithValues: values))
    }

    /// In `reload` mode the file of each state says whether it is one of maintenance.
    private func isKnown(_ flag: String) -> Bool {
        http.contains("/live/\(flag))") || mode == .reload && flag == LinkState.maintenanceMarker
    }

    private var http: String { texts["http.conf"] ?? "" }

    private var server: String { texts["server.conf"] ?? "" }

    /// The states that these files have a folder for.
    var states: Set<LinkState> {
        Set(
            paths.compactMap { path in
                path.firstIndex(of: "/").flatMap { LinkState(name: String(path[..<$0])) }
            })
    }

    /// Where they tell nginx to write down what it answers.
    var log: LogPlacement {
        let mark = "\naccess_log "
        if server.contains(mark) { return .server }
        return texts["http.conf"]?.contains(mark) == true ? .http : .nowhere
    }

    /// The one that these files were generated for.
    var mode: NginxSettings.Mode { texts["blue/upstreams.conf"] == nil ? .live : .reload }

    /// Where their status server listens; nil where `http.conf` is missing.
    var listen: StatusAddress? {
        let mark = "    listen "
        let lines = texts["http.conf"]?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix(mark) }) else { return nil }
        return StatusAddress(String(line.dropFirst(mark.count).dropLast()))
    }

    /// The exposed services that these files know.
    var services: [String] {
        statusTemplate.flatMap { StatusAnswer(template: $0) }?.values.keys.sorted() ?? []
    }

    /// Where these files send requests; the addresses are nowhere else on the host.
    func table(of app: String) -> RoutingTable {
        RoutingTable(blue: routes(of: app, in: .blue), green: routes(of: app, in: .green))
    }

    private func routes(of app: String, in colour: Colour) -> [Route] {
        let names = AppNames(app: app)
        let groups = groups(in: "http.conf").merging(groups(in: "\(colour)/upstreams.conf")) {
            first, _ in first
        }
        return services.compactMap { service in
            let own = groups[names.group(service, colour)] ?? groups[names.group(service)]
            let endpoints = (own ?? []).filter { !isPlaceholder($0, in: groups, names) }
            return endpoints.isEmpty ? nil : Route(service: service, endpoints: endpoints)
        }
    }

    private func isPlaceholder(
        _ endpoint: String, in groups: [String: [String]], _ names: AppNames
    ) -> Bool {
        groups[names.placeholder]?.contains(endpoint) ?? false
    }

    private func groups(in path: String) -> [String: [String]] {
        var groups: [String: [String]] = [:]
        var current: String?
        for line in (texts[path] ?? "").split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == ";" }).map(String.init)
            switch words.first {
            case "upstream" where words.count == 3: current = words[1]
            case "server" where words.count == 2:
                if let current { groups[current, default: []].append(words[1]) }
            case "}": current = nil
            case .some, .none: break
            }
        }
        return groups
    }

    private var statusTemplate: String? {
        texts["http.conf"]?.split(separator: "\n")
            .first { $0.contains("return 200 \"") }
            .flatMap { line in
                let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
                return parts.count == 3 ? String(parts[1]) : nil
            }
    }
}
