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
    }

    private var drawn: [Line] = []
    private var columns = 0

    /// - Parameter above: lines that stay, above the frame.
    /// - Returns: the text to write; empty where the screen shows all this already.
    mutating func drawing(_ lines: [Line], above: [String], columns: Int) -> String {
        let isResized = columns != self.columns
        guard !above.isEmpty || lines != drawn || isResized && !lines.isEmpty else { return "" }
        let isNew = !above.isEmpty || isResized
        var text = isNew && !drawn.isEmpty ? Self.clearFrame : ""
        text += above.map { $0 + "\n" }.joined()
        // A terminal that gives a character more columns than expected cuts it off.
        text += lines.isEmpty ? "" : Self.withoutWrap
        for (index, line) in lines.enumerated() {
            let isThere = !isNew && drawn.indices.contains(index) && drawn[index] == line
            text += isThere ? "\n" : line.text + Self.clearLine + "\n"
        }
        text += lines.isEmpty ? "" : Self.withWrap
        let result = Self.begin + up(toTopAt: columns) + text + Self.clearBelow + Self.end
        drawn = lines
        self.columns = columns
        return result
    }

    /// From the cursor to the frame's first line. A terminal that became narrower has wrapped its
    /// lines.
    private func up(toTopAt columns: Int) -> String {
        let rows = drawn.map { max(1, ($0.width + columns - 1) / max(columns, 1)) }.reduce(0, +)
        return rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
    }

    /// One picture for a terminal that can hold its screen back; others pass over the mode:
    /// https://github.com/contour-terminal/vt-extensions/blob/master/synchronized-output.md
    private static let begin = "\u{1B}[?2026h\u{1B}[?25l"
    private static let end = "\u{1B}[?25h\u{1B}[?2026l"
    private static let withoutWrap = "\u{1B}[?7l"
    private static let withWrap = "\u{1B}[?7h"
    private static let clearLine = "\u{1B}[K"
    private static let clearBelow = "\u{1B}[J"
    /// From the frame's first line on. tmux takes a clearing of all of its screen for a new page and
    /// keeps the old one in its history, so the first line is cleared by itself.
    private static let clearFrame = clearLine + "\u{1B}[B" + clearBelow + "\u{1B}[A"
}
