import NIOCore
import NIOHTTP1

/// Another service, reached by its name. Lives on the event loop.
final class Neighbour {
    private let address: Address
    private let loop: any EventLoop
    private var latest: (answer: Fetch.Response, until: NIODeadline)?
    private var pending: EventLoopFuture<Fetch.Response>?

    /// How long an answer is handed out again. Under load each fetch would be a connection of its
    /// own, and after 28,000 of them within a minute the container has no local port left.
    private let freshness = TimeAmount.milliseconds(100)

    init(address: Address, loop: any EventLoop) {
        self.address = address
        self.loop = loop
    }

    /// What it answers to GET, at most 100 ms old; callers at the same time share one request.
    func recent() -> EventLoopFuture<Fetch.Response> {
        if let latest, NIODeadline.now() < latest.until {
            return loop.makeSucceededFuture(latest.answer)
        }
        if let pending { return pending }
        let request = ask(.GET, path: address.path)
        pending = request
        request.assumeIsolated().whenComplete { result in
            self.pending = nil
            if case .success(let answer) = result {
                self.latest = (answer, .now() + self.freshness)
            }
        }
        return request
    }

    func ask(_ method: HTTPMethod, path: String) -> EventLoopFuture<Fetch.Response> {
        Fetch(method: method, address: address.at(path)).run(on: loop, within: .seconds(2))
    }
}
