import NIOCore
import NIOHTTP1

/// The shop's state and its answers. Lives on the one event loop.
final class Shop {
    let settings: Settings
    let journal: Journal
    let drain: Drain
    let hostName: String
    private let loop: any EventLoop
    private let catalog: Neighbour?
    private let store: Neighbour?
    private var health: HealthGate
    private var faults: Faults
    private let consumer: Consumer?
    private var broker: Broker?
    var ballast = Ballast()

    init(settings: Settings, journal: Journal, hostName: String, loop: any EventLoop) {
        self.settings = settings
        self.journal = journal
        self.hostName = hostName
        self.loop = loop
        drain = Drain(loop: loop)
        catalog = settings.catalog.map { Neighbour(address: $0, loop: loop) }
        store = settings.store.map { Neighbour(address: $0, loop: loop) }
        health = settings.health
        faults = settings.faults
        broker = settings.role == .broker ? settings.data.map { Broker(folder: $0) } : nil
        let who = [settings.colour, settings.release, settings.version, hostName]
            .compactMap(\.self).joined(separator: "/")
        let consumed = settings.role == .consumer ? settings.broker : nil
        consumer = consumed.map {
            Consumer(
                broker: $0, who: who, pause: settings.consumePause, journal: journal, loop: loop)
        }
    }

    /// Work of its own, once it listens.
    func begin() { consumer?.begin() }

    /// Resolves when its own work has ended, or after `grace`.
    func end(within grace: TimeAmount) -> EventLoopFuture<Void> {
        consumer?.end(within: grace) ?? loop.makeSucceededVoidFuture()
    }

    func answer(_ request: Request, at now: NIODeadline) -> Answer {
        guard request.path != "/healthz" else { return healthz(request, at: now) }
        let effect = faults.next(at: now)
        if effect.crashes { return .crash }
        if effect.leak > 0 { leak(megabytes: effect.leak) }
        let answer =
            effect.fails
            ? .reply(Reply(500, "SHOP_FAIL_EVERY asks for a failure\n"))
            : page(request, at: now)
        return effect.delay > .zero ? .after(effect.delay, answer) : answer
    }

    private func page(_ request: Request, at now: NIODeadline) -> Answer {
        switch request.path {
        case "/": return home()
        case "/version": return .reply(Reply(200, identity))
        case "/slow":
            let wait = request.number("ms", in: 0...600_000, standard: 500)
            return .after(.milliseconds(Int64(wait)), .reply(Reply(200, "after \(wait) ms\n")))
        case "/stream":
            return .stream(chunks: request.number("seconds", in: 0...3600, standard: 10) * 10)
        case "/echo": return .reply(Reply(200, request.body))
        case "/headers": return .reply(Reply(200, request.headers))
        case "/ws": return .webSocket
        case "/fail":
            let status = request.number("status", in: 200...599, standard: 500)
            return .reply(Reply(status, "as you wish: \(status)\n"))
        case "/memory": return memory(megabytes: request.number("mb", in: 0...4096, standard: 50))
        case "/count": return count(request)
        case "/shown": return shown()
        case "/lease", "/take", "/consumers": return brokering(request, at: now)
        case "/hang": return .never
        case "/crash": return .crash
        default: return .reply(Reply(404, "no \(request.path) here\n"))
        }
    }

    private var identity: String {
        [settings.version, hostName, settings.colour, settings.release].compactMap(\.self)
            .joined(separator: " ") + "\n"
    }

    private func home() -> Answer {
        let greeting = "\(settings.role.name) \(settings.version)"
        switch settings.role {
        case .web:
            guard let catalog else { return .reply(Reply(200, "\(greeting), no catalog\n")) }
            return .eventually(
                catalog.recent().map { Reply(200, "\(greeting), \(String(buffer: $0.body))") }
                    .flatMapErrorThrowing { Reply(502, "\(greeting), but \($0)\n") })
        case .catalog: return .reply(Reply(200, "\(greeting): apples, pears, teal ducks\n"))
        case .store: return tally { try $0.read() }
        case .broker: return .reply(Reply(200, "\(greeting): see /consumers\n"))
        case .consumer: return consumption(greeting)
        case .initialise, .other: return .reply(Reply(200, "\(greeting)\n"))
        }
    }

    private func healthz(_ request: Request, at now: NIODeadline) -> Answer {
        guard request.method == .POST else {
            if faults.isUnhealthy {
                return .reply(Reply(503, "worn out after \(faults.requests) requests\n"))
            }
            return health.answer(host: request.host, at: now)
        }
        let status = request.number("status", in: 200...599, standard: 200)
        health.always = status
        journal.note("/healthz answers \(status) from now on")
        return .reply(Reply(200, "from now on \(status)\n"))
    }

    private func leak(megabytes: Int) {
        ballast.add(megabytes: megabytes)
        if ballast.megabytes.isMultiple(of: 10) {
            journal.note("leaks: holds \(ballast.megabytes) MB")
        }
    }

    private func memory(megabytes: Int) -> Answer {
        ballast.add(megabytes: megabytes)
        journal.note("holds \(ballast.megabytes) MB of ballast")
        return .reply(Reply(200, "holds \(ballast.megabytes) MB\n"))
    }

    private func consumption(_ greeting: String) -> Answer {
        guard let consumer else {
            return .reply(Reply(200, "\(greeting), no broker: SHOP_BROKER is not set\n"))
        }
        return .reply(Reply(200, "\(greeting): \(consumer.taken) messages taken\n"))
    }

    private func brokering(_ request: Request, at now: NIODeadline) -> Answer {
        do {
            let reply = try broker?.answer(request, at: now)
            let none = "this service is no broker: SHOP_ROLE is not broker\n"
            return .reply(reply ?? Reply(404, none))
        } catch {
            return failure(error)
        }
    }

    private func count(_ request: Request) -> Answer {
        if settings.data == nil, let store {
            return .eventually(
                store.ask(request.method, path: "/count").map { Reply($0.status, $0.body) }
                    .flatMapErrorThrowing { Reply(502, "\($0)\n") })
        }
        return tally { request.method == .POST ? try $0.add() : try $0.read() }
    }

    private func tally(_ act: (Tally) throws -> Int) -> Answer {
        guard let folder = settings.data else {
            return .reply(Reply(404, "this service has no counter: SHOP_DATA is not set\n"))
        }
        do {
            return .reply(Reply(200, "\(try act(Tally(folder: folder)))\n"))
        } catch {
            return failure(error)
        }
    }

    private func shown() -> Answer {
        do {
            return .reply(Reply(200, try settings.shown.read()))
        } catch {
            return failure(error)
        }
    }

    private func failure(_ error: any Error) -> Answer {
        journal.note("\(error)")
        return .reply(Reply(500, "\(error)\n"))
    }
}

/// Memory that is taken and kept, for services that are to weigh something.
struct Ballast {
    private var pieces: [[UInt8]] = []
    private(set) var megabytes = 0

    /// Filled with ones: pages of zeros would not become resident.
    mutating func add(megabytes more: Int) {
        guard more > 0 else { return }
        pieces.append([UInt8](repeating: 1, count: more << 20))
        megabytes += more
    }

    mutating func grow(toMegabytes total: Int) { add(megabytes: total - megabytes) }
}

/// The answer of `/healthz`: by the environment, or by the last `POST /healthz?status=`.
struct HealthGate {
    /// A status that stands until it is changed by request.
    var always: Int?
    /// How many of the next answers are 500 before the first 200.
    var failuresLeft: Int
    let hangs: Bool
    /// The only Host header that is answered with anything but 400.
    let host: String?
    /// Until then it answers 503: a service that has opened its port but is still warming up.
    let readyAt: NIODeadline

    mutating func answer(host asked: String?, at now: NIODeadline) -> Answer {
        if hangs { return .never }
        if let host, asked != host {
            return .reply(Reply(400, "wrong host: \(asked ?? "none"), only \(host) is known\n"))
        }
        if let always { return .reply(Reply(always, always < 400 ? "ok\n" : "unhealthy\n")) }
        if now < readyAt { return .reply(Reply(503, "warming up\n")) }
        if failuresLeft > 0 {
            failuresLeft -= 1
            return .reply(Reply(500, "unhealthy, \(failuresLeft) more to come\n"))
        }
        return .reply(Reply(200, "ok\n"))
    }
}
