import BlueGreen

/// The lines of a ladder for a screen of a certain size.
struct LadderText {
    struct Size: Hashable, Sendable {
        var columns: Int
        var rows: Int
    }

    /// Characters that every terminal has, or those of Unicode.
    enum Characters: Hashable, Sendable {
        case ascii
        case unicode

        /// By the locale of the environment.
        init(environment: [String: String]) {
            let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
            let locale = (names.first { !$0.isEmpty } ?? "").lowercased()
            self = locale.contains("utf-8") || locale.contains("utf8") ? .unicode : .ascii
        }

        var done: String { self == .unicode ? "✓" : "+" }
        var present: String { self == .unicode ? "▸" : ">" }
        var failed: String { self == .unicode ? "✗" : "x" }
        var ahead: String { self == .unicode ? "·" : "." }
        var missing: String { self == .unicode ? "…" : "..." }
        fileprivate var full: String { self == .unicode ? "█" : "#" }
        fileprivate var empty: String { self == .unicode ? "░" : "-" }
    }

    /// No line is wider than the screen less one column, and the cursor has a line below them.
    let lines: [StyledLine]

    init(_ ladder: Ladder, at now: Timestamp, in size: Size, _ characters: Characters) {
        guard let deployment = ladder.deployment else {
            lines = []
            return
        }
        let rows = LadderRows(ladder, deployment, at: now, characters)
        let columns = max(1, size.columns - 1)
        let fitting = Self.fitting(rows, into: max(1, size.rows - 1))
        lines = Columns(columns, fitting, names: rows.nameColumns, characters).lines
    }

    /// The fullest form that the screen has room for.
    private static func fitting(_ rows: LadderRows, into count: Int) -> [LadderRow] {
        var shortest: [LadderRow] = []
        for detail in LadderRows.Detail.allCases {
            shortest = rows.rows(detail)
            if shortest.count <= count { return shortest }
        }
        return Array(shortest.prefix(count))
    }

    /// The widths that rows share.
    private struct Columns {
        let lines: [StyledLine]

        init(_ columns: Int, _ rows: [LadderRow], names: Int, _ characters: Characters) {
            let names = rows.map(\.nameColumns).reduce(names, max)
            let nameWidth = min(names, max(12, columns / 3))
            let timeWidth = rows.map(\.time.displayWidth).max() ?? 0
            let barWidth = min(max((columns - nameWidth - timeWidth - 6) / 4, 6), 24)
            lines = rows.map { row in
                let name = row.name.cutInside(
                    toColumns: nameWidth - row.indent, mark: characters.missing)
                let time = row.time
                let space = String(repeating: " ", count: timeWidth - time.displayWidth)
                let bar = row.bar.map { Self.bar($0, barWidth, characters) + "  " } ?? ""
                let texts = row.texts.flatMap { [StyledLine.Part("  "), $0] }.dropFirst()
                let parts =
                    [
                        .init(String(repeating: " ", count: row.indent)),
                        .init(row.mark.padded(toColumns: 2), row.style),
                        .init(
                            name.padded(toColumns: nameWidth - row.indent) + " ", row.nameStyle),
                        .init(space + time + "  "), .init(bar, row.barStyle),
                    ] + texts
                return StyledLine(parts).cut(toColumns: columns, mark: characters.missing)
            }
        }

        /// A part above zero is never empty, and one below the whole never full.
        private static func bar(
            _ share: Share, _ width: Int, _ characters: Characters
        ) -> String {
            let part = min(max(share.fraction, 0), 1)
            var full = Int((part * Double(width)).rounded())
            if part > 0 { full = max(full, 1) }
            if part < 1 { full = min(full, width - 1) }
            return String(repeating: characters.full, count: full)
                + String(repeating: characters.empty, count: width - full)
        }
    }
}

/// One line before the widths are known.
struct LadderRow: Hashable, Sendable {
    var indent = 0
    var mark = ""
    var name: String
    var time = ""
    var style = StyledLine.Style.plain
    var nameStyle = StyledLine.Style.plain
    var bar: Share?
    var texts: [StyledLine.Part] = []

    var nameColumns: Int { indent + name.displayWidth }
    var barStyle: StyledLine.Style { style == .bad ? .bad : .good }
}

extension Duration {
    /// Of a clock that runs: `4.2 s`, `58 s`, `2:05 min`, `1:02 h`.
    var running: String {
        let milliseconds = max(0, wholeMilliseconds)
        let seconds = milliseconds / 1000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return switch seconds {
        case ..<10: "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<100: "\(seconds) s"
        case ..<3600: "\(seconds / 60):\(two(seconds % 60)) min"
        default: "\(seconds / 3600):\(two(seconds / 60 % 60)) h"
        }
    }

    /// Of a part of the way that is over: a clock tells the last full unit, this the nearest one, as
    /// `text` does.
    var passed: String {
        if self < .seconds(1) { return text }
        let isInTenths = self < .milliseconds(9950)
        return (self + .milliseconds(isInTenths ? 50 : 500)).running
    }
}
