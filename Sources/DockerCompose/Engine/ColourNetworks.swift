import BlueGreen

/// The networks of an app. Each colour has one of its own, with a subnet that it keeps, so that
/// exposed replicas can have addresses that stay; others are as the compose file has them.
///
/// Docker picks the subnet from its own pools, but lets containers choose addresses only in a
/// network that was created with a given one. So the network is made twice: once to see what
/// Docker picks, then again with that. Fixed addresses are in the lower half; the upper one is
/// the range that Docker hands out by itself, so that the two never meet.
struct ColourNetworks: Sendable {
    let app: String
    let api: EngineAPI

    private static let fixed = "fixed"
    /// Between the two creations somebody else may get the subnet; then another one is tried.
    private static let attempts = 5

    /// Makes the network where it is missing. One that was left half made is made again.
    func ensure(_ colour: Colour) async throws -> IPv4Subnet {
        var attempt = 1
        while true {
            if let subnet = try await existing(colour) { return subnet }
            do {
                try await create(colour)
            } catch let error as DockerComposeError {
                guard case .engine = error, attempt < Self.attempts else { throw error }
            }
            attempt += 1
        }
    }

    /// The subnet of a network that stands as it is kept, from a look that changes nothing; nil
    /// where `ensure` would have to make it.
    func find(_ colour: Colour) async throws -> IPv4Subnet? {
        let name = ResourceNames.project(app, colour)
        guard let network = try await api.inspectNetwork(name) else { return nil }
        guard isOwn(network) else { throw DockerComposeError.foreignNetwork(name) }
        return network.labels?[ResourceLabel.subnet] == Self.fixed ? network.subnet : nil
    }

    func isOwn(_ network: InspectedNetwork) -> Bool {
        network.labels?[ResourceLabel.app] == app
    }

    private func existing(_ colour: Colour) async throws -> IPv4Subnet? {
        let name = ResourceNames.project(app, colour)
        guard let network = try await api.inspectNetwork(name) else { return nil }
        guard isOwn(network) else { throw DockerComposeError.foreignNetwork(name) }
        if network.labels?[ResourceLabel.subnet] == Self.fixed, let subnet = network.subnet {
            return subnet
        }
        try await api.removeNetwork(name)
        return nil
    }

    private func create(_ colour: Colour) async throws {
        let name = ResourceNames.project(app, colour)
        var labels = [ResourceLabel.app: app, ResourceLabel.colour: colour.rawValue]
        try await api.createNetwork(name, labels: labels)
        let picked = try await api.inspectNetwork(name)
        try await api.removeNetwork(name)
        guard let subnet = picked?.subnet else { return }
        guard subnet.fixedHosts.count >= 20 else {
            throw DockerComposeError.smallNetwork(name, subnet: subnet.description)
        }
        labels[ResourceLabel.subnet] = Self.fixed
        var range: JSONValue = [
            "Subnet": .string(subnet.description),
            "IPRange": .string(subnet.upperHalf.description),
        ]
        range["Gateway"] = .string(picked?.gateway ?? subnet.address(ofHost: 1))
        try await api.createNetwork(
            name, labels: labels, addressing: ["Driver": "default", "Config": [range]])
    }
}

/// A range of addresses, `172.18.0.0/16`.
struct IPv4Subnet: Hashable, Sendable, CustomStringConvertible {
    private let base: UInt32
    let prefix: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let prefix = Int(parts[1]), (1...32).contains(prefix) else {
            return nil
        }
        let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false)
            .compactMap { UInt8($0) }
        guard octets.count == 4 else { return nil }
        let address = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(base: address & (UInt32.max << UInt32(32 - prefix)), prefix: prefix)
    }

    private init(base: UInt32, prefix: Int) {
        self.base = base
        self.prefix = prefix
    }

    var description: String { "\(text(of: base))/\(prefix)" }

    /// All its addresses as numbers.
    var range: ClosedRange<UInt32> { base...(base | (prefix == 32 ? 0 : UInt32.max >> prefix)) }

    /// From here Docker picks the addresses of containers without a fixed one.
    var upperHalf: IPv4Subnet {
        IPv4Subnet(base: base | 1 << UInt32(31 - prefix), prefix: prefix + 1)
    }

    /// Host numbers below this one are in the lower half, where the fixed addresses are.
    var fixedHosts: Range<Int> {
        Self.firstFixedHost..<max(Self.firstFixedHost, 1 << min(31 - prefix, 16))
    }

    /// Numbers from 10 on leave room for the gateway and for what Docker may want of its own.
    private static let firstFixedHost = 10

    func address(ofHost number: Int) -> String {
        text(of: base + UInt32(number))
    }

    private func text(of address: UInt32) -> String {
        [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xFF) }.joined(separator: ".")
    }
}
