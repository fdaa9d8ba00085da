import BlueGreen
package import HostSystem

extension Story {
    /// The site's answer to curl with these options and a path.
    package func curl(_ options: [String], _ path: String) async throws -> Answer {
        let result = try await tools.runner.run(
            Command(
                "curl",
                ["--silent", "--include", "--max-time", "20"] + options
                    + ["http://127.0.0.1:\(port)\(path)"],
                timeLimit: .seconds(25)))
        guard result.succeeded, let answer = Answer(result.standardOutput) else {
            throw StoryError.unexpected("curl \(options) \(path)", result)
        }
        return answer
    }

    /// An upload to the site that ends when its body has returned.
    package func upload(
        _ path: String, _ framing: HeldUpload.Framing = .length,
        _ meanwhile: () async throws -> Void
    ) async throws -> Answer {
        try await HeldUpload(port: port, path: path, framing).send(meanwhile)
    }

    /// The answer at another port of this host.
    package func get(_ path: String, at port: Int) async throws -> Answer {
        try await tools.get("http://127.0.0.1:\(port)\(path)")
    }

    package func freePort() throws -> Int {
        try tools.freePort()
    }

    /// Opens a websocket while the body runs.
    ///
    /// - Returns: curl's result, with code 28 where nobody closed the websocket before curl.
    package func withWebsocket(
        seconds: Int, _ body: () async throws -> Void
    ) async throws -> CommandResult {
        let upgrade = [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        let opened = folder + "/websocket"
        async let seen = tools.runner.run(
            Command(
                "curl",
                [
                    "--silent", "--http1.1", "--no-buffer", "--dump-header", opened, "--max-time",
                    "\(seconds)",
                ] + upgrade.flatMap { ["--header", $0] } + ["http://127.0.0.1:\(port)/ws"],
                timeLimit: .seconds(Int64(seconds) + 5)))
        try await until("the websocket is open") {
            try FileSystem().readTextIfPresent(opened)?.hasPrefix("HTTP/1.1 101 ") ?? false
        }
        try await body()
        return try await seen
    }
}

/// One HTTP answer as curl prints it.
package struct Answer: Sendable {
    package let status: Int
    /// Names in lower case.
    package let headers: [String: String]
    package let body: String

    package init?(_ text: String) {
        let text = text.replacing("\r\n", with: "\n")
        guard let end = text.firstRange(of: "\n\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\n")
        let parts = lines.first?.split(separator: " ") ?? []
        guard parts.count >= 2, let status = Int(parts[1]) else { return nil }
        self.status = status
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(
                line[line.index(after: colon)...].drop { $0 == " " })
        }
        self.headers = headers
        body = String(text[end.upperBound...])
    }
}
