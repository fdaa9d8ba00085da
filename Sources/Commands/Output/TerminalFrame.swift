/// The last lines of a terminal that are drawn anew in place.
///
/// Each drawing is one text. It leaves the cursor shown and below the lines, so that nothing has to
/// be put right after an end at any moment.
struct TerminalFrame {
    struct Line: Hashable {
        let text: String
        let width: Int

        init(_ text: String, width: Int) {
            self.text = text
            self.width = width
        }

        func rows(_ columns: Int) -> Int { max(1, (width + columns - 1) / max(columns, 1)) }
    }

    /// A terminal's way with a new width.
    enum Resizing {
        /// Its lines wrap when a program can know of it.
        case atOnce
        /// A program learns of it up to a quarter of a second late, and what it has drawn meanwhile
        /// nobody can find again. A cleared screen goes into the history of tmux.
        case late

        init(environment: [String: String]) {
            let names = ["TMUX", "STY"].compactMap { environment[$0] }
            let terminal = environment["TERM"] ?? ""
            let isLate =
                names.contains { !$0.isEmpty }
                || ["tmux", "screen"].contains { terminal.hasPrefix($0) }
            self = isLate ? .late : .atOnce
        }
    }

    private static let mostRemembered = 100

    private let resizing: Resizing
    private var drawn: [Line] = []
    private var remembered: [Line] = []
    private var columns = 0

    init(_ resizing: Resizing) {
        self.resizing = resizing
    }

    /// - Parameter above: lines that stay, above the frame.
    /// - Returns: the text to write; empty where the screen shows all this already.
    mutating func drawing(_ lines: [Line], above: [Line], in size: LadderText.Size) -> String {
        let columns = size.columns
        let isResized = columns != self.columns
        guard !above.isEmpty || lines != drawn || isResized && !lines.isEmpty else { return "" }
        remembered = (remembered + above).suffix(Self.mostRemembered)
        if isResized, !drawn.isEmpty, resizing == .late {
            drawn = []
            self.columns = columns
            let kept = fitting(size.rows - lines.count - 1, columns)
            return Self.begin + Self.clearScreen + drawing(lines, above: kept, new: true)
        }
        let isNew = !above.isEmpty || isResized
        let text = (isNew && !drawn.isEmpty ? Self.clearFrame : "")
        let top = up(toTopAt: columns)
        self.columns = columns
        return Self.begin + top + text + drawing(lines, above: above, new: isNew)
    }

    /// The last of the remembered lines, as many as so many rows hold.
    private func fitting(_ rows: Int, _ columns: Int) -> [Line] {
        var left = rows
        let lines = remembered.reversed().prefix { line in
            left -= line.rows(columns)
            return left >= 0
        }
        return lines.reversed()
    }

    private mutating func drawing(_ lines: [Line], above: [Line], new isNew: Bool) -> String {
        var text = above.map { $0.text + "\n" }.joined()
        // A terminal that gives a character more columns than expected cuts it off.
        text += lines.isEmpty ? "" : Self.withoutWrap
        for (index, line) in lines.enumerated() {
            let isThere = !isNew && drawn.indices.contains(index) && drawn[index] == line
            text += isThere ? "\n" : line.text + Self.clearLine + "\n"
        }
        text += lines.isEmpty ? "" : Self.withWrap
        drawn = lines
        return text + Self.clearBelow + Self.end
    }

    /// From the cursor to the frame's first line. A terminal that became narrower has wrapped its
    /// lines.
    private func up(toTopAt columns: Int) -> String {
        let rows = drawn.map { $0.rows(columns) }.reduce(0, +)
        return rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
    }

    /// One picture for a terminal that can hold its screen back; others pass over the mode:
    /// https://github.com/contour-terminal/vt-extensions/blob/master/synchronized-output.md
    private static let begin = "\u{1B}[?2026h\u{1B}[?25l"
    private static let end = "\u{1B}[?25h\u{1B}[?2026l"
    private static let withoutWrap = "\u{1B}[?7l"
    private static let withWrap = "\u{1B}[?7h"
    private static let clearScreen = "\u{1B}[H\u{1B}[J"
    private static let clearLine = "\u{1B}[K"
    private static let clearBelow = "\u{1B}[J"
    /// From the frame's first line on. tmux takes a clearing of all of its screen for a new page and
    /// keeps the old one in its history, so the first line is cleared by itself.
    private static let clearFrame = clearLine + "\u{1B}[B" + clearBelow + "\u{1B}[A"
}
