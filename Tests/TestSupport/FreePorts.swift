import Glibc
import Synchronization

/// Ports of 127.0.0.1 that nobody listens on, each given once in a run of the tests: two that come
/// before either is listened on would otherwise be equal now and then.
///
/// They lie below the range from which the kernel takes the ports of outgoing connections, one of
/// which could come first.
package enum FreePorts {
    private static let range = 20_000..<32_000
    private static let given = Mutex<Set<Int>>([])

    /// nil where there seems to be none.
    package static func next() -> Int? {
        for _ in 1...1_000 {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if isFree(port) { return port }
        }
        return nil
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
