import Glibc
import HostSystem
import TestSupport
import Testing

@Suite("The process behind a unix socket")
struct SocketPeerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("The peer is the process that listens")
    func listening() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array(folder("s").utf8))
        }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        #expect(isBound && listen(descriptor, 1) == 0)
        #expect(SocketPeer.pid(listeningAt: folder("s")) == Int(getpid()))
    }

    @Test("No peer is found where nobody listens, or at a path that no socket can have")
    func nobody() {
        #expect(SocketPeer.pid(listeningAt: folder("none")) == nil)
        #expect(SocketPeer.pid(listeningAt: "/" + String(repeating: "x", count: 200)) == nil)
    }
}
