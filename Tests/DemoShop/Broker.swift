import NIOCore
import NIOHTTP1

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A queue that never runs dry and remembers its consumers. Lives on the event loop.
///
/// A consumer opens a lease, takes with it, and ends it:
/// `POST /lease?who=NAME` answers its number, `POST /take?lease=N&who=NAME` the number of a
/// message, `DELETE /lease?lease=N&who=NAME` ends it. A broker that was started again knows no
/// lease from before and counts from 1 again, which is why the name is asked for each time: a
/// number that is somebody else's by now is as unknown (404) as one that is nobody's.
struct Broker {
    private var book = LeaseBook()
    private let log: EventLog

    init(folder: String) {
        log = EventLog(folder: folder)
    }

    /// To the paths `/lease`, `/take` and `/consumers`.
    mutating func answer(_ request: Request, at now: NIODeadline) throws(FileFailure) -> Reply {
        switch request.path {
        case "/lease": try lease(request, at: now)
        case "/take": try take(request, at: now)
        default: consumers(at: now)
        }
    }

    private mutating func lease(_ request: Request, at now: NIODeadline) throws(FileFailure)
        -> Reply
    {
        let number = request.number("lease", in: 0...Int.max, standard: 0)
        let who = Self.who(asks: request)
        switch request.method {
        case .POST:
            let number = book.begin(who, at: now)
            try log.append("lease \(number) begins: \(who)")
            return Reply(200, "\(number)\n")
        case .DELETE:
            guard book.end(number, of: who, at: now) else { return unknown(number) }
            try log.append("lease \(number) ends: \(who)")
            return Reply(200, "lease \(number) ended\n")
        default:
            return Reply(405, "POST begins a lease, DELETE ends it\n")
        }
    }

    private mutating func take(_ request: Request, at now: NIODeadline) throws(FileFailure) -> Reply
    {
        guard request.method == .POST else { return Reply(405, "POST takes a message\n") }
        let number = request.number("lease", in: 0...Int.max, standard: 0)
        let who = Self.who(asks: request)
        guard let message = book.take(number, of: who, at: now) else { return unknown(number) }
        try log.append("message \(message) taken by lease \(number): \(who)")
        return Reply(200, "\(message)\n")
    }

    /// As JSON.
    private func consumers(at now: NIODeadline) -> Reply {
        let active = book.active(at: now).map { "\"\($0.who)\"" }.joined(separator: ", ")
        let history = book.leases.map { lease in
            let first = lease.messages.map { "\($0.lowerBound)" } ?? "null"
            let last = lease.messages.map { "\($0.upperBound)" } ?? "null"
            return "{\"who\": \"\(lease.who)\", \"first\": \(first), \"last\": \(last)}"
        }.joined(separator: ", ")
        return Reply(
            200,
            "{\"now\": [\(active)], \"most\": \(book.most), \"taken\": \(book.taken), "
                + "\"history\": [\(history)]}\n")
    }

    private func unknown(_ number: Int) -> Reply {
        Reply(404, "no lease \(number) of that name. Next: POST /lease?who=NAME\n")
    }

    /// Nothing that would have to be escaped in JSON or break a line of the log.
    private static func who(asks request: Request) -> String {
        String(
            (request.text("who") ?? "unknown").prefix(200).map { Consumer.isPlain($0) ? $0 : "-" })
    }
}

/// One line per event in `events.log` on the volume, for people only: it is not flushed to the
/// disk, and nothing is read back from it.
struct EventLog {
    let folder: String
    private var file: String { "\(folder)/events.log" }

    /// Past this size the file becomes `events.log.1`, in the place of the one before.
    private let limit = 4 << 20

    func append(_ event: String) throws(FileFailure) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannot(verb: "open", path: file, errno: errno) }
        defer { close(descriptor) }
        let bytes = Array("\(time) \(event)\n".utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .cannot(verb: "append to", path: file, errno: errno)
        }
        guard lseek(descriptor, 0, SEEK_END) > limit else { return }
        guard rename(file, file + ".1") == 0 else {
            throw .cannot(verb: "rename", path: file, errno: errno)
        }
    }

    /// UTC, to the second.
    private var time: String {
        var seconds = time_t()
        clock(&seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func clock(_ seconds: inout time_t) {
        #if canImport(Darwin)
            _ = Darwin.time(&seconds)
        #else
            _ = Glibc.time(&seconds)
        #endif
    }
}
