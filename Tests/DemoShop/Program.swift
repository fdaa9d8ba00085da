import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The demo shop: every service of the demo's container set is this one program.
///
/// Environment variables and requests choose what it does; `shop --help` prints both
/// tables (see `Usage`). It is a test double with manners: it can be slow, broken or stubborn on
/// demand, and ends requests in flight on SIGTERM unless told not to.
package enum Program {
    /// Obeys the arguments, and returns only after printing a text.
    package static func run() {
        let words = CommandLine.arguments.dropFirst()
        do {
            switch words.first {
            case nil:
                try Service(settings: Settings(environment: .process)).run()
            case "health":
                exit(try HealthCommand(url: words.dropFirst().first).run())
            case "--help", "-h", "help":
                Journal.write(Usage.text)
            case let word?:
                Journal.write("shop: unknown word \"\(word)\". Next: `shop --help`.", to: .errors)
                exit(64)
            }
        } catch {
            Journal.write("shop: \(error)", to: .errors)
            exit(error is Settings.Mistake ? 64 : 1)
        }
    }
}

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
