import DockerEngine

extension EngineAPI {
    /// The engine's release, `20.10.24`, and where it keeps images and containers.
    package func information() async throws -> EngineInformation {
        try await ask(EngineRequest(method: .get, path: "/info", act: "tell about itself"))
    }
}

/// The daemon's answer about itself.
package struct EngineInformation: Decodable, Sendable {
    package let version: String
    package let rootFolder: String
    /// `name=rootless` among them means that bridges are out of the host's reach.
    package let securityOptions: [String]?
    /// Only where `default-address-pools` is set.
    let addressPools: [AddressPools.Pool]?

    /// Facts of the driver, each a name with its value.
    let driverStatus: [[String]]?

    enum CodingKeys: String, CodingKey {
        case version = "ServerVersion"
        case rootFolder = "DockerRootDir"
        case securityOptions = "SecurityOptions"
        case addressPools = "DefaultAddressPools"
        case driverStatus = "DriverStatus"
    }

    /// Whether images and the containers' own files are in containerd's store, the default of
    /// Docker 29.
    var keepsImagesInContainerd: Bool {
        (driverStatus ?? []).contains {
            $0.count == 2 && $0[0] == "driver-type"
                && $0[1].hasPrefix("io.containerd.snapshotter")
        }
    }

    /// All places where images may lie, volumes and logs in the first. A containerd that the
    /// daemon runs itself has its root inside the daemon's; another one's is where packages put it.
    var folders: [String] {
        guard keepsImagesInContainerd else { return [rootFolder] }
        return [rootFolder, "\(rootFolder)/containerd", "/var/lib/containerd"]
    }
}
