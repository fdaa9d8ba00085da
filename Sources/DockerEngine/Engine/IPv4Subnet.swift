/// A range of addresses, `172.18.0.0/16`.
package struct IPv4Subnet: Hashable, Sendable, CustomStringConvertible {
    private let base: UInt32
    package let prefix: Int

    package init?(_ text: String) {
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

    package var description: String { "\(text(of: base))/\(prefix)" }

    /// All its addresses as numbers.
    package var range: ClosedRange<UInt32> {
        base...(base | (prefix == 32 ? 0 : UInt32.max >> prefix))
    }

    /// From here Docker picks the addresses of containers without a fixed one.
    package var upperHalf: IPv4Subnet {
        IPv4Subnet(base: base | 1 << UInt32(31 - prefix), prefix: prefix + 1)
    }

    /// Host numbers below this one are in the lower half, where the fixed addresses are.
    package var fixedHosts: Range<Int> {
        Self.firstFixedHost..<max(Self.firstFixedHost, 1 << min(31 - prefix, 16))
    }

    /// Numbers from 10 on leave room for the gateway and for what Docker may want of its own.
    private static let firstFixedHost = 10

    package func address(ofHost number: Int) -> String {
        text(of: base + UInt32(number))
    }

    private func text(of address: UInt32) -> String {
        [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xFF) }.joined(separator: ".")
    }
}
