/// A TCP socket of a container that takes connections.
package struct Listener: Hashable, Sendable {
    /// The clients that it is open to.
    package enum Reach: Hashable, Sendable {
        /// `0.0.0.0`
        case everywhere
        /// `::`, which may mean IPv4 as well.
        case everywhereByIPv6
        /// Programs in the same container.
        case loopback
        /// `172.18.0.2`, or an IPv6 address.
        case address(String)
    }

    package let reach: Reach
    package let port: Int

    package init(_ reach: Reach, _ port: Int) {
        self.reach = reach
        self.port = port
    }
}
