/// Server blocks of one name at one address: nginx keeps the first that it reads, warns of the others,
/// and gives them no request.
extension ConfigurationExamination {
    func shadowedNotices(_ routes: [SiteRoute]) -> [String] {
        let sites =
            routes.compactMap { $0.directive.block(named: "server") }
            + includes(of: paths.server).filter(isForeign).compactMap { $0.block(named: "server") }
        let numbers = Set(sites.map(\.number))
        var first: [ServerName: Directive.Block] = [:]
        var notices: [String] = []
        for server in servers {
            let shadows = server.names.compactMap { name in
                first[name].map { (name: name.name, block: $0) }
            }
            for name in server.names where first[name] == nil { first[name] = server.block }
            guard numbers.contains(server.block.number), let shadow = shadows.first else {
                continue
            }
            let name = shadow.name.isEmpty ? "has no server_name" : "is named \(shadow.name)"
            notices.append(
                "The server block at \(server.block.origin) \(name), as the one at "
                    + "\(shadow.block.origin) does at the same address, which nginx reads first and "
                    + "gives all requests for it. Give one of the two another name.")
        }
        return notices
    }

    private struct ServerName: Hashable {
        let listen: String
        let name: String
    }

    private struct Server {
        let block: Directive.Block
        let names: Set<ServerName>
    }

    /// In nginx's order.
    private var servers: [Server] {
        let own = directives.filter { $0.context == ["http", "server"] }
        let byBlock = Dictionary(grouping: own, by: \.block)
        return byBlock.keys.sorted().compactMap { number in
            guard let lines = byBlock[number], let block = lines.first?.blocks.last else {
                return nil
            }
            let listens = lines.filter { $0.name == "listen" && $0.words.count > 1 }
                .map { Self.address($0.words[1]) + ($0.words.contains("quic") ? " quic" : "") }
            let names = lines.filter { $0.name == "server_name" }.flatMap { $0.words.dropFirst() }
            let pairs = (listens.isEmpty ? ["*:80"] : listens).flatMap { listen in
                (names.isEmpty ? [""] : names).filter { !$0.hasPrefix("~") }
                    .map { ServerName(listen: listen, name: $0.lowercased()) }
            }
            return Server(block: block, names: Set(pairs))
        }
    }

    /// `80`, `*:80` and `0.0.0.0:80` are one.
    private static func address(_ text: String) -> String {
        if Int(text) != nil { return "*:\(text)" }
        if text.hasPrefix("[") || text.hasPrefix("unix:") { return text }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let host = parts[0] == "0.0.0.0" ? "*" : parts[0]
        return "\(host):\(parts.count > 1 ? parts[1] : "80")"
    }
}
