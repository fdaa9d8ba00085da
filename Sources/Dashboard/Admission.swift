import BlueGreen
import Synchronization

/// The person or program that a request comes from.
struct Visitor: Sendable {
    /// As the history names it, `token ops`.
    let name: String
    let mayAct: Bool
    /// nil for a program with its token in the request, which no other site can make a browser send.
    let session: Session?
}

/// A browser that has shown a token.
struct Session: Sendable {
    /// nil for one that the mode of the socket admits.
    let token: String?
    /// In each form that acts.
    let formSecret: String
    let begunAt: Timestamp
}

/// The sessions of browsers; they end with the process.
final class Sessions: Sendable {
    static let longest = Duration.seconds(12 * 3600)
    static let most = 1000
    private let sessions = Mutex<[String: Session]>([:])

    /// - Returns: the value of its cookie.
    func begin(_ token: String?, at now: Timestamp) -> (cookie: String, session: Session) {
        let cookie = RandomSecret.make()
        let session = Session(token: token, formSecret: RandomSecret.make(), begunAt: now)
        sessions.withLock { sessions in
            sessions = sessions.filter { now - $0.value.begunAt < Self.longest }
            if sessions.count >= Self.most,
                let oldest = sessions.min(by: { $0.value.begunAt < $1.value.begunAt })
            {
                sessions[oldest.key] = nil
            }
            sessions[RandomSecret.digest(cookie)] = session
        }
        return (cookie, session)
    }

    func session(_ cookie: String, at now: Timestamp) -> Session? {
        let key = RandomSecret.digest(cookie)
        return sessions.withLock { $0[key] }.flatMap {
            now - $0.begunAt < Self.longest ? $0 : nil
        }
    }

    func end(_ cookie: String) {
        let key = RandomSecret.digest(cookie)
        sessions.withLock { $0[key] = nil }
    }

    var count: Int { sessions.withLock(\.count) }
}

/// The forms that were sent. Each acts once: a second click, and a form that the browser sends again,
/// ask for nothing more.
final class SpentForms: Sendable {
    static let most = 1000
    private let numbers = Mutex<[String]>([])

    /// - Returns: whether it is sent for the first time.
    func spend(_ number: String) -> Bool {
        numbers.withLock { numbers in
            guard !numbers.contains(number) else { return false }
            if numbers.count == Self.most { numbers.removeFirst() }
            numbers.append(number)
            return true
        }
    }

    /// It asked for nothing after all.
    func giveBack(_ number: String) {
        numbers.withLock { numbers in numbers.removeAll { $0 == number } }
    }
}

/// Counts wrong tokens by address. A right one is never refused: 256 bits cannot be guessed, and
/// behind a proxy all have one address.
final class WrongTokens: Sendable {
    private struct Window {
        let began: Timestamp
        var count: Int
    }

    static let mostPerMinute = 20
    static let mostAddresses = 1000
    private let windows = Mutex<[String: Window]>([:])

    /// - Returns: whether it is one too many.
    func note(_ address: String, at now: Timestamp) -> Bool {
        windows.withLock { windows in
            if let window = windows[address], now - window.began < .seconds(60),
                now >= window.began
            {
                windows[address]?.count += 1
                return window.count + 1 > Self.mostPerMinute
            }
            if windows.count >= Self.mostAddresses {
                windows = windows.filter { now - $0.value.began < .seconds(60) }
                if windows.count >= Self.mostAddresses,
                    let oldest = windows.min(by: { $0.value.began < $1.value.began })
                {
                    windows[oldest.key] = nil
                }
            }
            windows[address] = Window(began: now, count: 1)
            return false
        }
    }

    var count: Int { windows.withLock(\.count) }
}

/// The names by which the page may be asked for. A site that has its own name lead to loopback (DNS
/// rebinding) comes with that name.
struct HostList: Sendable {
    private let names: Set<String>

    init(_ settings: DashboardSettings) {
        names = Set(["localhost", "127.0.0.1", "[::1]"] + settings.hosts.map { $0.lowercased() })
    }

    /// - Parameter authority: of the Host header, with or without a port.
    func admits(_ authority: String) -> Bool {
        names.contains(Self.name(of: authority))
    }

    /// Without the port.
    private static func name(of authority: String) -> String {
        let text = authority.lowercased()
        // The colons of an IPv6 address stand in brackets.
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]"),
            text[text.index(after: colon)...].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return text }
        return String(text[..<colon])
    }

    /// Whether the Origin header names the site that was asked.
    static func isSame(origin: String, as authority: String) -> Bool {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return origin.dropFirst(scheme.count).lowercased() == authority.lowercased()
        }
        return false
    }
}
