import HostSystem
import Orchestration

extension NginxRouter {
    /// Looks at the address of the status server before it is written down: a site that listens
    /// there too would lose its requests to Teal's server, and nginx cannot get one that another
    /// program has.
    ///
    /// - Parameter dump: nil where nginx refuses what is on disk, which Teal may put right.
    /// - Throws: `NginxError.statusTaken`.
    func checkStatusAddress(
        _ dump: ConfigurationDump?, _ facts: NginxFacts, _ present: AppFolder.Contents
    ) async throws {
        let listen = facts.environment(settings).listen
        // The files on disk were confirmed, so that nginx itself is the one who listens.
        guard let dump, present.files.manifest?.blueprint.listen != listen else { return }
        let examination = ConfigurationExamination(dump, settings)
        try examination.refuseSharedStatus()
        // The status servers of other apps share it.
        if examination.listens(at: listen) { return }
        let container = facts.container.flatMap { $0.usesHostNetwork ? nil : $0 }
        let isTaken = try TCPConnections().isListening(
            inNamespaceOf: container?.pid, host: listen.host, port: listen.port)
        guard isTaken else { return }
        // Workers still run files that are on disk no more.
        let address = try facts.address(settings)
        let own = try? await nginx.status.status(of: settings.app, at: address)
        if own != nil { return }
        throw NginxError.statusTaken(settings.status, by: "another program listens there")
    }
}
