/// Why nobody can connect to a port of a container that runs.
struct RefusalAdvice {
    /// - Returns: whole sentences.
    static func text(
        refusedAt port: Int, of container: Container, listening listeners: [Listener]
    ) -> String {
        let reaches = Set(listeners.filter { $0.port == port }.map(\.reach))
        let remedy = "Let it listen on 0.0.0.0."
        if reaches.isEmpty {
            let ports = Set(listeners.map(\.port)).sorted().map(String.init)
            return "teal.yml expects port \(port); the container listens on "
                + (ports.isEmpty ? "none." : ports.joined(separator: ", ") + ".")
        }
        if reaches == [.loopback] {
            return "It listens on port \(port) at 127.0.0.1 or ::1 only, which nothing outside of "
                + "the container reaches. \(remedy)"
        }
        if reaches.isSubset(of: [.loopback, .everywhereByIPv6]) {
            return "It listens on port \(port) by IPv6 only, and nginx reaches it by IPv4. "
                + remedy
        }
        let others = reaches.compactMap { reach in
            if case .address(let text) = reach, text != container.address { text } else { nil }
        }
        guard others.count == reaches.subtracting([.loopback, .everywhereByIPv6]).count else {
            return "By now it listens on port \(port): a longer `deadline` may be all it needs."
        }
        return "It listens on port \(port) at \(others.sorted().joined(separator: ", ")) only, and "
            + "nginx reaches it at \(container.address ?? "none"). \(remedy)"
    }
}
