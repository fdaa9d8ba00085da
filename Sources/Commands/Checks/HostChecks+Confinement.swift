import HostSystem

extension HostChecks {
    var confinement: NginxConfinement {
        let configuration = app.configuration
        let addresses = [
            (configuration.nginx.status ?? Wiring.usualStatusAddress, "for Teal's status server"),
            (configuration.preview?.address ?? "", "for the preview"),
        ]
        return NginxConfinement(
            access: configuration.nginx,
            ports: addresses.compactMap { address, use in
                address.split(separator: ":").last.flatMap { Int($0) }
                    .map { NginxConfinement.Port(number: $0, use: use) }
            },
            isObserved: Wiring.isObserved(configuration),
            isListening: { port in
                // Unknown is as good as not yet: the line to run does no harm.
                let isTaken = try? TCPConnections().isListening(
                    inNamespaceOf: nil, host: "0.0.0.0", port: port.number)
                return isTaken ?? false
            })
    }
}
