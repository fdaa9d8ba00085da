import Orchestration

/// The port that a service's own check asks by HTTP, or that an option of its command names. Pure.
struct NamedPort: Hashable, Sendable {
    let number: Int

    init?(_ service: ServiceOutline) {
        guard let number = Self.checked(service) ?? Self.told(service), (1...65535).contains(number)
        else { return nil }
        self.number = number
    }

    private static let hosts = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"]

    /// 8000 of `curl -f http://localhost:8000/up`.
    private static func checked(_ service: ServiceOutline) -> Int? {
        for word in service.healthCommand.flatMap({ $0.split { " \"'`".contains($0) } }) {
            guard let start = word.firstRange(of: "http://") else { continue }
            let address = word[start.upperBound...].prefix { $0 != "/" }
            guard let host = hosts.first(where: address.hasPrefix) else { continue }
            let rest = address.dropFirst(host.count)
            if rest.isEmpty { return 80 }
            if rest.hasPrefix(":"), let number = Int(rest.dropFirst()) { return number }
        }
        return nil
    }

    private static let options: Set<String> = [
        "--addr", "--address", "--bind", "--http", "--http-port", "--listen", "--port", "-b",
    ]

    /// 8000 of `--port=8000` and `-b 0.0.0.0:8000`.
    private static func told(_ service: ServiceOutline) -> Int? {
        let words = service.command.flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .flatMap { $0.split(separator: "=", maxSplits: 1) }.map(String.init)
        for (option, value) in zip(words, words.dropFirst()) where options.contains(option) {
            if let number = Int(value.split(separator: ":").last ?? "") { return number }
        }
        return nil
    }
}
