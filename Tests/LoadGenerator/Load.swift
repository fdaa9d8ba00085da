import ArgumentParser
import LoadReport

/// HTTP/1.1 load over keep-alive connections that counts every request that got no answer.
@main
struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Send HTTP/1.1 requests over keep-alive connections and count those lost.",
        discussion: """
            Each connection sends its next request as soon as the last one is answered. A request \
            is lost when it gets no complete response (refused, closed, timeout) or a status of \
            500 or more (status). Ends after --duration or --requests, when the file of \
            --until-file appears, or on SIGINT or SIGTERM; requests in flight are waited for. \
            Exit code 0, whatever was lost: the report says it.
            """)

    @Option(help: "Where to send requests: http://HOST[:PORT]/path")
    var url: Target

    @Option(help: "Connections kept open at the same time.")
    var connections = 32

    @Option(help: "GET or POST.")
    var method = Method.get

    @Option(help: "Size of the body of each POST.")
    var bodyBytes = 100

    @Option(
        help: "Stop sending after this time: 500ms, 10s, 5m.", transform: Duration.init(text:))
    var duration: Duration?

    @Option(help: "Stop after this many requests.")
    var requests: Int?

    @Option(help: "Stop when this file appears.")
    var untilFile: String?

    @Option(
        help: """
            careful: a GET whose reused connection was closed before any byte of the response is \
            sent once more on a fresh connection. blind: never.
            """)
    var client = Client.careful

    @Option(help: "A further header, \"Name: value\"; may be repeated.")
    var header: [String] = []

    @Option(
        help: """
            So many clients take turns, whatever connection it is on: {client} in a --header is the \
            number of the one whose turn it is. The JSON report lists who was answered by whom.
            """)
    var clients: Int?

    @Option(help: "Requests per second over all connections; latency counts from the due time.")
    var rate: Int?

    @Option(help: "How long one request may take.", transform: Duration.init(text:))
    var timeout: Duration = .seconds(10)

    @Option(help: "Event loop threads, 1 or 2.")
    var threads = 1

    @Option(help: "The response header that names who answered.")
    var versionHeader = "X-Shop-Version"

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        guard duration != nil || requests != nil || untilFile != nil else {
            throw ValidationError("say when to stop: --duration, --requests or --until-file")
        }
        guard (1...10_000).contains(connections), (1...2).contains(threads) else {
            throw ValidationError("--connections must be 1 to 10000 and --threads 1 or 2")
        }
        guard requests.map({ $0 > 0 }) ?? true, rate.map({ $0 > 0 }) ?? true, bodyBytes >= 0 else {
            throw ValidationError("--requests and --rate must be above 0, --body-bytes not below")
        }
        guard clients.map({ $0 > 0 && threads == 1 }) ?? true else {
            throw ValidationError("--clients must be above 0, and wants --threads 1")
        }
        guard header.allSatisfy({ $0.contains(":") && !$0.contains { $0.isNewline } }) else {
            throw ValidationError("--header must be like \"Name: value\"")
        }
    }

    func run() throws {
        let plan = Plan(
            request: RequestText(
                target: url, method: method, headers: header, bodyBytes: bodyBytes),
            address: try url.resolved(), isRepeatable: method == .get, client: client,
            versionHeader: versionHeader, timeout: timeout, clients: clients)
        let run = Run(
            plan: plan, connections: connections, threads: min(threads, connections),
            limit: Limit(duration: duration, requests: requests, file: untilFile), rate: rate)
        let tally = try run.perform()
        let report = LoadReport(tally, of: self)
        print(try json ? report.json() : report.table())
    }
}

extension Duration {
    /// `500ms`, `10s` or `5m`.
    init(text: String) throws {
        let digits = text.prefix(while: \.isNumber)
        let unit = text.dropFirst(digits.count)
        switch (Int64(digits), unit) {
        case (let number?, "ms"): self = .milliseconds(number)
        case (let number?, "s"): self = .seconds(number)
        case (let number?, "m"): self = .seconds(number * 60)
        default: throw ValidationError("\"\(text)\" is no duration like 500ms, 10s or 5m")
        }
    }
}
