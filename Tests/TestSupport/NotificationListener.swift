import Glibc

/// A datagram socket as systemd listens on; the name is a path or begins with `@`.
package final class NotificationListener {
    private let socket: Int32

    package init(_ name: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        try Self.check(socket >= 0)
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        let isPath = bytes[0] != UInt8(ascii: "@")
        if !isPath { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: bytes) }
        let length =
            MemoryLayout<sa_family_t>.size + bytes.count + (isPath ? 1 : 0)
        let bound = withUnsafePointer(to: &place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(length))
            }
        }
        try Self.check(bound == 0)
    }

    private struct Unheard: Error { let reason: String }

    private static func check(_ isSo: Bool) throws {
        if !isSo { throw Unheard(reason: String(cString: strerror(errno))) }
    }

    deinit { close(socket) }

    /// The first message that was not read; nil where none came yet.
    package func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// All messages that were not read.
    package func all() -> [String] {
        var all: [String] = []
        while let next = next() { all.append(next) }
        return all
    }
}
