import HostSystem
import Orchestration

extension NginxRouter {
    package func previewURL() async throws -> String? {
        guard let preview = settings.preview else { return nil }
        guard settings.container != nil else { return "http://\(preview.listen)" }
        let facts = try await known.facts()
        guard let container = facts.container, !container.usesHostNetwork else {
            return "http://\(preview.listen)"
        }
        let host = try facts.address(settings).host
        return "http://\(StatusAddress(host: host, port: preview.listen.port))"
    }

    /// An address that nginx cannot get would show only after a reload, which then is not
    /// confirmed.
    ///
    /// - Parameter dump: nil where nginx refuses what is on disk, which Teal may put right.
    /// - Throws: `NginxError.previewTaken` where another server of nginx, or another program, has
    ///   the address that the preview is to listen at.
    func checkPreviewAddress(_ dump: ConfigurationDump?, _ container: NginxContainer?) throws {
        guard let preview = settings.preview else { return }
        let isBridged = container.map { !$0.usesHostNetwork } ?? false
        let listen =
            isBridged
            ? StatusAddress(host: "0.0.0.0", port: preview.listen.port) : preview.listen
        let server = dump?.directives.first {
            $0.name == "listen" && $0.words.count > 1 && $0.words[1] == "\(listen)"
                && !folder.paths.contains($0.file)
        }
        if let server {
            throw NginxError.previewTaken(preview.listen, by: "\(server.place) listens there too")
        }
        // The files on disk were confirmed, so that nginx itself is the one who listens.
        if try folder.read().manifest?.blueprint.showsPreview(at: listen) ?? false { return }
        let isTaken = try TCPConnections().isListening(
            inNamespaceOf: isBridged ? container?.pid : nil, host: listen.host, port: listen.port)
        if isTaken {
            throw NginxError.previewTaken(preview.listen, by: "another program listens there")
        }
    }
}

extension Blueprint {
    fileprivate func showsPreview(at address: StatusAddress) -> Bool {
        guard let preview, services.contains(preview.service) else { return false }
        return previewListen(preview.listen) == address
    }
}
