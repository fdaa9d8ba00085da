import Orchestration

/// The user's servers that listen where one of Teal's does. nginx reads Teal's first, which then
/// answers whatever no other server has by name: a site that asks for no name is gone.
extension ConfigurationExamination {
    var sharedListens: [Obstacle] {
        let status = shares(settings.status).map {
            sharedObstacle($0, "nginx: {status: \(settings.status)}")
        }
        guard let preview = settings.preview?.listen else { return status }
        return status
            + shares(preview).map { sharedObstacle($0, "preview: {listen: \(preview)}") }
    }

    private func sharedObstacle(_ line: Directive, _ own: String) -> Obstacle {
        Obstacle(
            "\(line.place) says `\(line.words.joined(separator: " "))`, and teal.yml says "
                + "`\(own)`: Teal's own server there would answer the site's requests. Give one of "
                + "the two another port.")
    }

    /// In a container Teal listens on every address of it. Other apps' status servers, of another
    /// folder too, share the address by their names.
    private func shares(_ address: StatusAddress) -> [Directive] {
        let everywhere = ["*", "0.0.0.0"]
        let statusServers = Set(
            directives.filter {
                $0.name == "server_name" && $0.words.last.map(AppNames.isStatusName) == true
            }
            .map(\.block))
        return directives.filter { line in
            guard line.name == "listen", line.context.first == "http", isForeign(line),
                !statusServers.contains(line.block),
                let listen = line.listenAddress, listen.port == address.port
            else { return false }
            return settings.container != nil || listen.host == address.host
                || everywhere.contains(listen.host) || everywhere.contains(address.host)
        }
    }
}

extension ConfigurationExamination {
    /// - Throws: `NginxError.statusTaken` where one of the user's servers listens at the address of
    ///   the status server, which would answer that one's requests.
    func refuseSharedStatus() throws {
        guard let line = shares(settings.status).first else { return }
        throw NginxError.statusTaken(
            settings.status,
            by: "\(line.place) says `\(line.words.joined(separator: " "))`, and Teal's own server "
                + "there would answer the site's requests")
    }

    /// Whether a server of nginx listens at just this address.
    func listens(at address: StatusAddress) -> Bool {
        directives.contains {
            guard $0.name == "listen", $0.context.first == "http", let listen = $0.listenAddress
            else { return false }
            return listen.host == address.host && listen.port == address.port
        }
    }
}

extension Directive {
    /// nil for a unix socket, IPv6, which is never Teal's, and a form that is not told here.
    fileprivate var listenAddress: (host: String, port: Int)? {
        guard words.count > 1, !words[1].hasPrefix("unix:"), !words[1].hasPrefix("[") else {
            return nil
        }
        if let port = Int(words[1]) { return ("*", port) }
        let parts = words[1].split(separator: ":", maxSplits: 1).map(String.init)
        let host = parts[0] == "localhost" ? "127.0.0.1" : parts[0]
        if parts.count == 1 { return (host, 80) }
        return Int(parts[1]).map { (host, $0) }
    }
}
