import HostSystem
import TestSupport

/// A visitor whose one request lasts eight seconds.
enum LongVisitor: String, CaseIterable {
    case upload
    case chunked = "chunked upload"
    case stream
    case websocket

    static let seconds = 8

    /// The seconds that it took; nil where it did not end well.
    func visit(port: Int) async throws -> Double? {
        let result = try await SubprocessCommandRunner().run(command(port: port))
        let parts = result.standardOutput.split(separator: " ")
        guard parts.count == 3, let time = Double(parts[2]) else { return nil }
        switch self {
        case .upload, .chunked: return parts[0] == "200" && result.succeeded ? time : nil
        case .stream:
            let isWhole = Int(parts[1]).map { $0 > 80 * 10 } ?? false
            return parts[0] == "200" && result.succeeded && isWhole ? time : nil
        case .websocket:
            // curl's own end of it: nobody else closed it before.
            return parts[0] == "101" && result.ending == .exited(28) ? time : nil
        }
    }

    private func command(port: Int) -> Command {
        let site = "http://127.0.0.1:\(port)"
        let told = [
            "--silent", "--output", "/dev/null", "--write-out",
            "%{http_code} %{size_download} %{time_total}",
        ]
        let body = [
            "-c", "head -c 81920 /dev/zero | exec curl \"$@\"", "curl", "--data-binary", "@-",
            "--limit-rate", "10k", "\(site)/version",
        ]
        let limit = Duration.seconds(120)
        switch self {
        case .upload: return Command("bash", body + told, timeLimit: limit)
        case .chunked:
            return Command(
                "bash", body + ["--header", "Transfer-Encoding: chunked"] + told, timeLimit: limit)
        case .stream:
            return Command(
                "curl", told + ["\(site)/stream?seconds=\(Self.seconds)"], timeLimit: limit)
        case .websocket:
            let upgrade = [
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ]
            return Command(
                "curl",
                told + ["--http1.1", "--max-time", "\(Self.seconds)"]
                    + upgrade.flatMap { ["--header", $0] } + ["\(site)/ws"], timeLimit: limit)
        }
    }
}
