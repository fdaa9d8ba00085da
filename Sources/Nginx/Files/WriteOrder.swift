import BlueGreen

/// In which order files of an app are written, so that nginx would take what lies there after each
/// single one: a host that loses its power between two starts again.
///
/// `server.conf` and `http.conf` name variables of each other. So a `server.conf` that looks for
/// nothing, and sends everything to the colour that has traffic now, stands there while
/// `http.conf` changes.
struct WriteOrder: Sendable {
    /// nil for a file that goes.
    let writes: [(name: String, text: String?)]

    private static let httpName = AppPaths.httpName
    private static let serverName = AppPaths.serverName

    /// - Parameters:
    ///   - serverFile: as it lies there.
    ///   - live: whom the link names.
    init(
        _ names: Set<String>, from texts: [String: String], serverFile: String?, live: Colour?
    ) {
        var writes: [(String, String?)] = []
        let written = names.filter { texts[$0] != nil }.sorted()
        let removed = names.filter { texts[$0] == nil }.sorted()
        for name in written where name != Self.httpName && name != Self.serverName {
            writes.append((name, texts[name]))
        }
        if written.contains(Self.serverName), written.contains(Self.httpName) {
            let bridge = Self.bridge(
                texts[Self.serverName] ?? "", from: serverFile ?? "", live: live)
            writes.append((Self.serverName, bridge))
        }
        for name in [Self.httpName, Self.serverName] where written.contains(name) {
            writes.append((name, texts[name]))
        }
        // It includes the others.
        if removed.contains(Self.httpName) { writes.append((Self.httpName, nil)) }
        for name in removed where name != Self.httpName { writes.append((name, nil)) }
        self.writes = writes
    }

    /// The lines of both that set a variable whatever the link says, the first one for each.
    private static func bridge(_ wanted: String, from present: String, live: Colour?) -> String {
        var names: Set<Substring> = []
        var lines = ["\(Blueprint.mark)while it changes http.conf; the next run completes it."]
        for line in (wanted + "\n" + present).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, line.hasPrefix("set $"), names.insert(words[1]).inserted
            else { continue }
            let isColour = Colour.allCases.contains { words[2] == "\($0);" }
            let value = isColour ? live.map { "\($0);" } ?? String(words[2]) : String(words[2])
            lines.append("set \(words[1]) \(value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
