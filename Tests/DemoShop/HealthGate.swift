import NIOCore

/// What `/healthz` answers: by the environment at first, by `POST /healthz?status=` from then on.
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
