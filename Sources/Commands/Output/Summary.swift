import BlueGreen
import Orchestration
import HostSystem

/// The last lines of a run: what happened and why, who has traffic now, what to run next.
///
/// CodeDeploy keeps whole lines of together less than 2,048 bytes, with a mark of nine bytes
/// before each, and shows nothing at all where one line is longer or is not UTF-8.
struct Summary: Hashable, Sendable {
    static let limit = ByteCount(bytes: 2048)
    private static let mark = 9

    /// In the order in which they are printed; no line holds a line break.
    let lines: [String]

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Facts that the deployment itself does not know.
    struct Circumstances: Hashable, Sendable {
        /// The colour that the symlink names now.
        var live: Colour?
        /// Whether visitors get a page instead.
        var isInMaintenance = false
        /// The labels that users gave to releases.
        var labels: [ReleaseID: String] = [:]
        /// The releases that one can go back to; nil if they were not looked up.
        var known: Set<ReleaseID>?
        /// How a rollback would go now: cold where the release before does not run whole; nil if
        /// that is not known.
        var wayBack: DeploymentKind?
        /// Shared services that go on with the image of an earlier release.
        var staleShared: [StaleShared] = []
        /// ` --app shop`, where the user named the app or the file himself.
        var options = ""
        /// The path of the run's log.
        var log: String?
    }

    init(of deployment: Deployment, _ circumstances: Circumstances) {
        let words = DeploymentSummary(deployment, circumstances)
        let head = Self.bounded(words.headline, 300)
        let traffic = Self.bounded(words.traffic, 330)
        let next = Self.bounded(words.next, 350)
        var room = Int(Self.limit.bytes) - 1
        room -= [head, traffic, next].map(Self.cost).reduce(0, +)

        let reason =
            words.hasTable
            ? Self.ends(of: words.reason, each: 200, into: &room)
            : Self.fitting(words.reason.prefix(8), each: 450, into: &room)
        let figures = Self.fitting(words.figures, each: 120, into: &room)
        let logRoom = room
        // The newest lines tell most, so they are taken from the end.
        let log = Self.fitting(words.log.reversed(), each: 200, into: &room).reversed()
        if log.isEmpty { room = logRoom }
        let stale = Self.fitting(words.stale, each: 300, into: &room)
        let warnings = Self.fitting(words.warnings.prefix(6), each: 250, into: &room)
        lines = [head] + reason + figures + log + warnings + stale + [traffic, next]
    }

    /// The longest row of lines that fits, each cut to its bound.
    private static func fitting(
        _ lines: some Sequence<String>, each limit: Int, into room: inout Int
    ) -> [String] {
        var taken: [String] = []
        for line in lines {
            let bounded = bounded(line, limit)
            guard cost(bounded) <= room else { break }
            room -= cost(bounded)
            taken.append(bounded)
        }
        return taken
    }

    /// All lines of a table where they fit, else the first and the last ones, which have its head
    /// and its sum.
    private static func ends(
        of lines: [String], each limit: Int, into room: inout Int
    ) -> [String] {
        let bounded = lines.map { Self.bounded($0, limit) }
        var kept = bounded.count
        while kept > 0 {
            let shown = shortened(bounded, to: kept)
            let cost = shown.map(Self.cost).reduce(0, +)
            if cost <= room {
                room -= cost
                return shown
            }
            kept -= 1
        }
        return []
    }

    /// - Parameter count: how many of the lines stay.
    private static func shortened(_ lines: [String], to count: Int) -> [String] {
        guard count < lines.count else { return lines }
        let last = min(1, count / 2)
        return lines.prefix(count - last) + ["  ... \(lines.count - count) more"]
            + lines.suffix(last)
    }

    private static func bounded(_ line: String, _ limit: Int) -> String {
        PrintableText(line).cut(toBytes: limit)
    }

    private static func cost(_ line: String) -> Int {
        line.utf8.count + 1 + mark
    }
}
