import BlueGreen
import Orchestration

/// The head of nginx's answer to a request that it was to pass on.
struct EdgeAnswer: Hashable, Sendable {
    /// Has the addresses that nginx asked; missing where it asked none.
    static let upstream = "X-Teal-Upstream"
    /// Has the times that connecting took, `-` where nothing was connected to; there only where no
    /// container answered.
    static let connecting = "X-Teal-Connect"

    let status: Int
    /// By name in small letters.
    private let headers: [String: String]

    /// - Returns: nil where the text is no head of HTTP.
    init?(head text: String) {
        guard text.hasPrefix("HTTP/1."), let end = text.firstRange(of: "\r\n\r\n") else {
            return nil
        }
        var lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.removeFirst().split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        self.status = status
        headers = Dictionary(
            lines.map { line in
                let name = line.prefix { $0 != ":" }
                let value = line.dropFirst(name.count + 1).drop { $0 == " " }
                return (name.lowercased(), String(value))
            }, uniquingKeysWith: { one, _ in one })
    }

    /// How a request went on its way.
    enum Finding: Hashable, Sendable {
        case passed
        /// The service's own answer.
        case status(Int)
        /// A container took the connection and gave no answer that nginx could read.
        case unanswered
        /// The address that was tried last; nil where there was none to try.
        case unconnected(address: String?)
        /// nginx passed the request on to nobody.
        case refused(status: Int)
    }

    func finding(_ need: EdgeRequest.Need) -> Finding {
        if let times = headers[Self.connecting.lowercased()] {
            guard Self.hasConnection(times) else { return .unconnected(address: address) }
            return need == .connection ? .passed : .unanswered
        }
        // Without the header it may be an answer of before, where the user has a cache.
        let isOwn = [403, 404, 405, 500, 503].contains(status)
        if headers[Self.upstream.lowercased()] == nil, isOwn { return .refused(status: status) }
        switch need {
        case .connection: return .passed
        case .answer(let expected):
            return expected.contains { $0.contains(status) } ? .passed : .status(status)
        }
    }

    /// `-, 0.001`: one time for each address that was tried.
    private static func hasConnection(_ times: String) -> Bool {
        times.contains(where: \.isNumber)
    }

    /// A group without a server that could be asked gives its name.
    private var address: String? {
        headers[Self.upstream.lowercased()]?.split { $0 == "," || $0 == " " }.last.flatMap { word in
            word.contains(":") && word.contains(where: \.isNumber) ? String(word) : nil
        }
    }
}
