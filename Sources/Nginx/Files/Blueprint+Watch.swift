import BlueGreen

/// How nginx writes down what it answers.
extension Blueprint {
    var isObserved: Bool { log != .nowhere }

    var watchTest: StateTest {
        StateTest(
            word: "slot", path: "\(paths.watch.path)/$\(names.slot)",
            lines: ["set $\(names.log) 1;"])
    }

    /// A line of the user's at the same level goes on beside it.
    func accessLog(at place: LogPlacement) -> String {
        guard isObserved, log == place else { return "" }
        return "access_log \(paths.watch.log) \(names.logFormat) buffer=32k flush=1s "
            + "if=$\(names.log);\n"
    }

    /// For the http block.
    var watchParts: [String] {
        guard isObserved else { return [] }
        return [
            "# Requests are written down while the link leads to a watched state, and the present\n"
                + "# hundred seconds have a file in the folder watch.\n" + emptyMap(names.log),
            WatchFolder.slotMap(to: names.slot),
            map(of: "$upstream_addr", to: names.answerer, answererLines),
            RequestLogFormat.directive(named: names.logFormat, colour: names.answerer)
                + accessLog(at: .http),
        ]
    }

    /// The address tells who was asked, and is still there where an `error_page` leads elsewhere.
    /// Where no server of a group could be asked nginx gives the group's name; the last of
    /// several counts. `-` is for what others answer.
    private var answererLines: [String] {
        let addresses = Colour.allCases.flatMap { colour in
            Set(services.flatMap { endpoints(of: $0, in: colour) }).sorted().map {
                Self.atTheEnd(Self.escaped($0)) + " \(colour)"
            }
        }
        let service = names.app + "_[a-z0-9][a-z0-9_-]*"
        let groups =
            switch mode {
            case .live:
                Colour.allCases.map { Self.atTheEnd("\(service)_\($0)") + " \($0)" }
            case .reload: [Self.atTheEnd(service) + " $\(names.colour)"]
            }
        // A request that had to be passed on counts for the colour that did not take it.
        let late = lateGroups.map {
            Self.atTheEnd(Self.escaped(backup(of: $0.service, in: $0.colour)))
                + " \($0.colour?.rawValue ?? "$" + names.colour)"
        }
        return ["default -"] + addresses + groups + late
    }

    private static func atTheEnd(_ expression: String) -> String {
        "\"~(?:^| )\(expression)$\""
    }

    private static func escaped(_ endpoint: String) -> String {
        endpoint.replacing(".", with: "\\.").replacing("[", with: "\\[")
            .replacing("]", with: "\\]")
    }
}

/// Where a line `access_log` adds to the user's own: nginx forgets those of the levels above as
/// soon as a level has one.
enum LogPlacement: String, Codable, Sendable {
    /// In `http.conf`, beside those that every site inherits.
    case http
    /// In `server.conf`, where each site has its own, or inherits that nothing is logged.
    case server
    /// Some log of the user's would end.
    case nowhere
}
