import Glibc

/// Clients that have the page of an app open, each on a connection of its own.
struct LiveClients: ~Copyable {
    private struct Client {
        let descriptor: Int32
        /// The end of all that came, which may be a part of the text.
        var last = ""
        var hasHeard = false
    }

    private var clients: [Client] = []

    /// - Throws: where not all of them can connect.
    init(_ count: Int, port: Int, path: String) throws {
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
        for _ in 1...count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            clients.append(Client(descriptor: descriptor))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound in
                    connect(descriptor, rebound, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0, write(descriptor, request, request.count) == request.count else {
                throw BenchmarkError.noFigure("a client of live updates")
            }
        }
    }

    deinit {
        for client in clients { close(client.descriptor) }
    }

    /// Reads what comes until each has got the text, or was left, or the time is over.
    ///
    /// - Returns: how many have got it.
    mutating func listen(for text: String, atMost limit: Duration) async throws -> Int {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end, clients.contains(where: { !$0.hasHeard }) {
            for index in clients.indices { take(index, text) }
            try await Task.sleep(for: .milliseconds(50))
        }
        return clients.count(where: \.hasHeard)
    }

    private mutating func take(_ index: Int, _ text: String) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(
                clients[index].descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { break }
            clients[index].last += String(decoding: buffer.prefix(count), as: UTF8.self)
            if clients[index].last.contains(text) { clients[index].hasHeard = true }
            clients[index].last = String(clients[index].last.suffix(text.count))
        }
    }
}
