package import BlueGreen
import HostSystem

/// A network of the compose file that exists once per colour, with its own properties.
package struct NamedNetwork: Hashable, Sendable {
    /// Its name in the compose file.
    package let key: String
    /// The engine's values for a new network, without name and labels.
    package let properties: JSONValue
    package let labels: [String: String]

    /// Tells its properties apart from those of another day.
    package var digest: String {
        FNV1a.hexDigest("\(properties.compact) \(labels.sorted { $0.key < $1.key })".utf8)
    }

    package func name(of app: String, _ colour: Colour) -> String {
        ResourceNames.network(app, colour, key)
    }
}

/// The networks of the compose file.
///
/// The colour's own network is the compose file's `default`. Exposed services are always in it,
/// since nginx reaches them there. Every other network, and a `default` with properties of its own,
/// exists once per colour.
extension ComposeProject {
    /// Those that services are in, in alphabetical order.
    package var namedNetworks: [NamedNetwork] {
        let used = Set(services.flatMap(\.networkKeys))
        return networks.filter { used.contains($0.key) && isNamed($0.key) }
            .sorted { $0.key < $1.key }
            .map {
                NamedNetwork(
                    key: $0.key, properties: properties($0.value), labels: labels($0.value))
            }
    }

    /// Whether a network of its own stands for it in each colour.
    package func isNamed(_ key: String) -> Bool {
        let network = networks[key] ?? .null
        if network["external"]?.bool == true { return false }
        return key != ComposeService.defaultNetwork || properties(network) != [:]
            || !labels(network).isEmpty
    }

    private var networks: [String: JSONValue] { model["networks"]?.object ?? [:] }

    private func labels(_ network: JSONValue) -> [String: String] {
        (network["labels"]?.object ?? [:]).compactMapValues(\.string)
    }

    /// A subnet cannot exist twice, nor can the name of a bridge.
    private func properties(_ network: JSONValue) -> JSONValue {
        var properties: JSONValue = [:]
        if let driver = network["driver"]?.string, driver != "bridge" {
            properties["Driver"] = .string(driver)
        }
        for (key, name) in [
            ("internal", "Internal"), ("attachable", "Attachable"),
            ("enable_ipv6", "EnableIPv6"),
        ] where network[key]?.bool == true {
            properties[name] = true
        }
        if network["enable_ipv4"]?.bool == false { properties["EnableIPv4"] = false }
        let options = (network["driver_opts"]?.object ?? [:])
            .filter { $0.key != Self.bridgeName && $0.value != .null }
        if !options.isEmpty { properties["Options"] = .object(options) }
        let ipam = network["ipam"]
        var own: JSONValue = [:]
        if let driver = ipam?["driver"]?.string, driver != "default" {
            own["Driver"] = .string(driver)
        }
        if let options = ipam?["options"], options.object?.isEmpty == false {
            own["Options"] = options
        }
        if own != [:] { properties["IPAM"] = own }
        return properties
    }

    private static let bridgeName = "com.docker.network.bridge.name"

    /// The networks that cannot exist once per colour.
    package func networkNotices(_ settings: [String: ServiceSettings]) -> [String] {
        let used = Set(services.flatMap(\.networkKeys))
        let own = networks.filter {
            used.contains($0.key) && $0.value["external"]?.bool != true
        }.sorted { $0.key < $1.key }
        let fixed = own.flatMap { key, network in
            subnets(network).map {
                "The network \(key) has the subnet \($0), which two colours cannot have at once: "
                    + "Docker picks one for each colour. Use names in place of its addresses."
            }
        }
        let bridges = own.filter { $0.value["driver_opts"]?[Self.bridgeName] != nil }.map {
            "The network \($0.key) has the option \(Self.bridgeName), which is not used: two "
                + "colours cannot share a bridge."
        }
        return fixed + bridges + own.compactMap(nameNotice) + openNotices(settings)
    }

    /// Compose gives each network a name; one that it made up of the project's is nobody's wish.
    private func nameNotice(_ key: String, _ network: JSONValue) -> String? {
        guard let name = network["name"]?.string, let project = model["name"]?.string,
            name != "\(project)_\(key)"
        else { return nil }
        return "The network \(key) has the name \(name), which two colours cannot have at once: "
            + "each has one of its own. If others are to find it by that name, make it yourself, "
            + "`docker network create \(name)`, and declare it with `external: true`."
    }

    /// An exposed service of closed networks only can get out by the one that nginx reaches it in.
    private func openNotices(_ settings: [String: ServiceSettings]) -> [String] {
        services.filter { service in
            role(of: service.name, settings) == .exposed
                && service.networkKeys.allSatisfy { networks[$0]?["internal"]?.bool == true }
        }.map { service in
            "\(service.name) is exposed and only in networks with `internal: true`. nginx reaches "
                + "it in its colour's own network, by which it can reach the internet."
        }
    }

    package func subnets(_ network: JSONValue) -> [String] {
        (network["ipam"]?["config"]?.array ?? []).compactMap { $0["subnet"]?.string }
    }

    /// Fixed addresses that no container can have any more, and addresses of a name server that
    /// would be nobody's.
    package func addressProblems(_ service: ComposeService, _ role: ServiceRole) -> [String] {
        let fixed = (service.model["networks"]?.object ?? [:]).sorted { $0.key < $1.key }
            .compactMap { network, own in
                (own["ipv4_address"] ?? own["ipv6_address"])?.string.flatMap {
                    fixedProblem(service.name, role, network, $0)
                }
            }
        return fixed + nameServers(of: service).compactMap { nameServerProblem(service.name, $0) }
    }

    private func fixedProblem(
        _ name: String, _ role: ServiceRole, _ network: String, _ address: String
    ) -> String? {
        let isExternal = networks[network]?["external"]?.bool == true
        switch role {
        case .exposed, .internal:
            let kind = isExternal ? "external network" : "network"
            return "\(name) has the fixed address \(address) in the \(kind) \(network), which two "
                + "colours cannot hold at once. Remove the address; others reach it as \(name)."
        case .shared, .singleton:
            // One container at a time has it.
            if isExternal { return nil }
            return
                "\(name) has the fixed address \(address) in the network \(network), of which "
                + "each colour has one with a subnet that Docker picks. Remove the address; others "
                + "reach it as \(name). \(ownNetwork(network, address, of: name))"
        }
    }

    private func nameServers(of service: ComposeService) -> [String] {
        let dns = service.model["dns"]
        return dns?.string.map { [$0] } ?? (dns?.array ?? []).compactMap(\.string)
    }

    private func nameServerProblem(_ name: String, _ address: String) -> String? {
        guard let host = IPv4Subnet("\(address)/32") else { return nil }
        let found = networks.sorted { $0.key < $1.key }.first { _, network in
            network["external"]?.bool != true
                && subnets(network).compactMap(IPv4Subnet.init).contains {
                    $0.range.overlaps(host.range)
                }
        }
        return found.map { key, _ in
            "\(name) has `dns: \(address)`, an address in the network \(key), of which each colour "
                + "has one with a subnet that Docker picks. "
                + ownNetwork(key, address, of: holder(of: address) ?? "the name server")
        }
    }

    private func holder(of address: String) -> String? {
        services.first { service in
            (service.model["networks"]?.object ?? [:]).values.contains {
                $0["ipv4_address"]?.string == address
            }
        }?.name
    }

    /// A network beside those that it is in. If one of these were external, the names of both
    /// colours would meet there; and Docker makes none that is called `default`.
    private func ownNetwork(_ key: String, _ address: String, of holder: String) -> String {
        let name = "\(app)-fixed"
        let others = services.first { $0.name == holder }?.networkKeys ?? []
        let stays = Set(others + [key]).sorted().map { "\($0): {}" }.joined(separator: ", ")
        let subnet = subnet(of: key, around: address).map { "--subnet \($0) " } ?? ""
        let option = address.contains(":") ? "ipv6_address" : "ipv4_address"
        let kind = address.contains(":") ? "--ipv6 " : ""
        return "To keep the address, make a network for it, "
            + "`docker network create \(kind)\(subnet)\(name)`, and declare it under `networks:`, "
            + "`\(name): {external: true}`. Then write for \(holder) `networks: {\(stays), "
            + "\(name): {\(option): \(address)}}`, and for each that asks by the address "
            + "`networks: {\(key): {}, \(name): {}}`. Only services that are shared or singletons "
            + "can have fixed addresses there."
    }

    /// Docker gives no fixed address in a network whose subnet it has picked.
    private func subnet(of key: String, around address: String) -> String? {
        let own = subnets(networks[key] ?? .null)
        let isSix = address.contains(":")
        if let found = own.first(where: { $0.contains(":") == isSix }) { return found }
        return isSix ? nil : IPv4Subnet("\(address)/24")?.description
    }
}

extension ComposeService {
    package static let defaultNetwork = "default"

    /// As the compose file calls them; a service that names none is in `default`.
    package var networkKeys: [String] {
        if networkMode != nil { return [] }
        let own = (model["networks"]?.object ?? [:]).keys.sorted()
        return own.isEmpty ? [Self.defaultNetwork] : own
    }
}
