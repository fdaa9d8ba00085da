import NIOCore
import NIOHTTP1
import NIOPosix

/// `shop health [URL]`: a health check for an image that holds no other program.
struct HealthCommand {
    private let url: String

    init(url: String?) throws {
        let port = try Settings(environment: .process).port
        self.url = url ?? "http://127.0.0.1:\(port)/healthz"
    }

    /// The exit code: 0 when the URL answered 200 to 399 within 2 s, else 1.
    func run() throws -> Int32 {
        guard let address = Address(url: url) else {
            Journal.write("shop health: \(url) is not like http://host:port/path", to: .errors)
            return 1
        }
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).any()
        do {
            let fetch = Fetch(method: .GET, address: address)
            let status = try loop.flatSubmit { fetch.run(on: loop, within: .seconds(2)) }.wait()
                .status
            Journal.write("\(url) answered \(status)")
            return (200..<400).contains(status) ? 0 : 1
        } catch {
            Journal.write("\(error)", to: .errors)
            return 1
        }
    }
}
