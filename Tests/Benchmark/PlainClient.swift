import Glibc

/// One blocking HTTP connection, with nothing between the measurement and the socket.
struct PlainClient: ~Copyable {
    private let descriptor: Int32

    /// - Parameter limit: the longest wait for a part of an answer, in seconds.
    /// - Returns: nil where nobody listens.
    init?(host: String, port: Int, limit: Int = 2) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        var one: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        // A stopped container's address answers nothing at all.
        var limit = timeval(tv_sec: limit, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound in
                connect(descriptor, rebound, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0 {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }

    /// The head of the answer and what came with it; nil where the connection ended
    /// or two seconds went by.
    func get(_ path: String) -> String? {
        let request = Array("GET \(path) HTTP/1.1\r\nHost: benchmark\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// An answer that was read to its end, in milliseconds since the request.
    struct Answer {
        let status: Int
        let firstByte: Double
        let whole: Double
        let bytes: Int
    }

    /// Reads until the server closes; nil where it sent nothing, or the limit went by.
    func fetch(_ path: String, host: String) -> Answer? {
        let began = ContinuousClock.now
        let request = Array(
            "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var (head, bytes, first): (String?, Int, Double) = (nil, 0, 0)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { return nil }
            let elapsed = (ContinuousClock.now - began) / .milliseconds(1)
            guard count > 0 else {
                // HTTP/1.1 and its code
                guard let head, let status = Int(head.dropFirst(9).prefix(3)) else { return nil }
                return Answer(status: status, firstByte: first, whole: elapsed, bytes: bytes)
            }
            if head == nil {
                head = String(decoding: buffer.prefix(count), as: UTF8.self)
                first = elapsed
            }
            bytes += count
        }
    }
}
