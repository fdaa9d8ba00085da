import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

/// The ranges of addresses that Docker makes networks of, and those that are taken. Pure.
struct AddressPools: Sendable {
    /// A range that is cut into networks of one size.
    struct Pool: Hashable, Decodable, Sendable {
        /// `172.20.0.0/14`
        let base: String
        /// The prefix of each network, 16.
        let size: Int

        enum CodingKeys: String, CodingKey {
            case base = "Base"
            case size = "Size"
        }
    }

    /// Docker's own, where `default-address-pools` is not set: 31 networks
    /// (github.com/moby/moby, daemon/libnetwork/ipamutils).
    static let standard = [
        Pool(base: "172.17.0.0/16", size: 16), Pool(base: "172.18.0.0/16", size: 16),
        Pool(base: "172.19.0.0/16", size: 16), Pool(base: "172.20.0.0/14", size: 16),
        Pool(base: "172.24.0.0/14", size: 16), Pool(base: "172.28.0.0/14", size: 16),
        Pool(base: "192.168.0.0/16", size: 20),
    ]

    let pools: [Pool]
    /// By Docker's networks and by the host's routes: Docker leaves out what either has.
    let taken: [IPv4Subnet]

    init(_ pools: [Pool]?, taken: [IPv4Subnet]) {
        self.pools = pools ?? Self.standard
        self.taken = taken
    }

    var total: Int { pools.reduce(0) { $0 + count(in: $1) } }

    var free: Int { pools.reduce(0) { $0 + count(in: $1) - countTaken(in: $1) } }

    private func count(in pool: Pool) -> Int {
        guard let base = IPv4Subnet(pool.base), (base.prefix...32).contains(pool.size) else {
            return 0
        }
        return 1 << (pool.size - base.prefix)
    }

    private func countTaken(in pool: Pool) -> Int {
        guard let base = IPv4Subnet(pool.base), count(in: pool) > 0 else { return 0 }
        let size = UInt64(1) << UInt64(32 - pool.size)
        let all = base.range
        let hit = taken.map(\.range).filter { $0.overlaps(all) }.map { range in
            let inside = range.clamped(to: all)
            let first = UInt64(inside.lowerBound - all.lowerBound) / size
            return first...(UInt64(inside.upperBound - all.lowerBound) / size)
        }
        var count = 0
        var next = UInt64(0)
        for range in hit.sorted(by: { $0.lowerBound < $1.lowerBound })
        where range.upperBound >= next {
            count += Int(range.upperBound - max(range.lowerBound, next) + 1)
            next = range.upperBound + 1
        }
        return count
    }
}

extension AddressPools {
    /// The networks that the host's routes lead to, as `/proc/net/route` has them: hexadecimal and
    /// in the order of the processor's bytes. The default route is none.
    static func routes(_ text: String) -> [IPv4Subnet] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 7, let place = UInt32(fields[1], radix: 16),
                let mask = UInt32(fields[7], radix: 16), mask != 0
            else { return nil }
            let octets = [0, 8, 16, 24].map { String(place >> UInt32($0) & 0xFF) }
            return IPv4Subnet("\(octets.joined(separator: "."))/\(mask.nonzeroBitCount)")
        }
    }
}

extension ComposeEngine {
    package func networkRoom() async throws -> NetworkRoom {
        let networks = try await api.networks()
        let pools = try await addressPools(beside: networks)
        let own = Colour.allCases.map { ResourceNames.project(app, $0) }
        return NetworkRoom(
            free: pools.free, total: pools.total,
            needed: Set(own).subtracting(networks.map(\.name)).count,
            unused: unused(networks, try await api.containers(labels: [])))
    }

    func addressPools(beside networks: [InspectedNetwork]) async throws -> AddressPools {
        var taken = networks.flatMap(\.subnets)
        switch api.endpoint {
        case .socket:
            taken += AddressPools.routes(
                try FileSystem().readTextIfPresent("/proc/net/route") ?? "")
        case .tcp: break  // The routes of another host.
        }
        return AddressPools(try await api.information().addressPools, taken: taken)
    }
}
