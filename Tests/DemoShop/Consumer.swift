import NIOCore
import NIOHTTP1

/// Takes messages from a broker, one after another, until the shop leaves. Lives on the event
/// loop.
final class Consumer {
    private enum State {
        case idle
        case withoutLease
        case taking(lease: Int)
    }

    private let broker: Address
    private let who: String
    private let pause: TimeAmount
    private let journal: Journal
    private let loop: any EventLoop
    private var state = State.idle
    private var isAsking = false
    private var isUnheard = false
    private var retryPause = firstRetryPause
    private var leaving: EventLoopPromise<Void>?
    private(set) var taken = 0

    private static let firstRetryPause = TimeAmount.milliseconds(100)
    private static let longestRetryPause = TimeAmount.seconds(2)

    init(broker: Address, who: String, pause: TimeAmount, journal: Journal, loop: any EventLoop) {
        self.broker = broker
        self.who = String(who.prefix(200).map { Self.isPlain($0) ? $0 : "-" })
        self.pause = pause
        self.journal = journal
        self.loop = loop
    }

    /// Whether a URL, JSON and a line of a log can hold the character as it is.
    static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
            || "/._:-".contains(character)
    }

    func begin() {
        guard leaving == nil else { return }
        state = .withoutLease
        next()
    }

    /// Resolves once its request is answered and its lease is ended, or after `grace`.
    func end(within grace: TimeAmount) -> EventLoopFuture<Void> {
        if let leaving { return leaving.futureResult }
        let promise = loop.makePromise(of: Void.self)
        leaving = promise
        loop.scheduleTask(in: grace) { promise.succeed() }
        if !isAsking { leave() }
        return promise.futureResult
    }

    private func next() {
        guard leaving == nil else { return leave() }
        switch state {
        case .idle: break
        case .withoutLease: ask(.POST, "/lease?who=\(who)") { self.gotLease($0) }
        case .taking(let lease):
            ask(.POST, "/take?lease=\(lease)&who=\(who)") { self.gotMessage($0) }
        }
    }

    private func gotLease(_ answer: Fetch.Response) {
        guard answer.status == 200, let lease = Self.number(answer.body) else {
            return retry("the broker gives no lease: it answered \(answer.status)")
        }
        state = .taking(lease: lease)
        journal.note("consumes as \(who), lease \(lease)")
        goOn(in: .zero)
    }

    private func gotMessage(_ answer: Fetch.Response) {
        switch answer.status {
        case 200:
            taken += 1
            goOn(in: pause)
        case 404:
            // The broker was started again and has forgotten.
            state = .withoutLease
            retry("the broker does not know this lease")
        default: retry("the broker answered \(answer.status)")
        }
    }

    private func goOn(in pause: TimeAmount) {
        if isUnheard { journal.note("the broker at \(broker.host):\(broker.port) is back") }
        isUnheard = false
        retryPause = Self.firstRetryPause
        schedule(in: pause)
    }

    private func retry(_ cause: String) {
        if !isUnheard { journal.note("\(cause); trying again") }
        isUnheard = true
        schedule(in: retryPause)
        retryPause = min(retryPause * 2, Self.longestRetryPause)
    }

    private func schedule(in pause: TimeAmount) {
        if leaving != nil { return leave() }
        loop.assumeIsolated().scheduleTask(in: pause) {
            // Leaving has begun and ended meanwhile.
            if self.leaving == nil { self.next() }
        }
    }

    private func leave() {
        guard case .taking(let lease) = state else {
            state = .idle
            leaving?.succeed()
            return
        }
        state = .idle
        ask(.DELETE, "/lease?lease=\(lease)&who=\(who)", unheard: { self.leaving?.succeed() }) {
            answer in
            if answer.status == 200 { self.journal.note("lease \(lease) ended") }
            self.leaving?.succeed()
        }
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, unheard: (() -> Void)? = nil,
        _ heard: @escaping (Fetch.Response) -> Void
    ) {
        isAsking = true
        Fetch(method: method, address: broker.at(path)).run(on: loop, within: .seconds(2))
            .assumeIsolated().whenComplete { result in
                self.isAsking = false
                switch result {
                case .success(let answer): heard(answer)
                case .failure(let error):
                    guard let unheard else { return self.retry("\(error)") }
                    self.journal.note("the lease is left open: \(error)")
                    unheard()
                }
            }
    }

    private static func number(_ body: ByteBuffer) -> Int? {
        Int(String(buffer: body).prefix { $0 != "\n" })
    }
}
