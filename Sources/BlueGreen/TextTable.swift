/// Rows of words whose columns line up, two spaces apart.
package struct TextTable: Sendable {
    private let rows: [[String]]
    private let figures: Set<Int>
    private let indent: String

    /// - Parameters:
    ///   - rows: each with as many cells as the others; the head is one of them.
    ///   - figures: the columns that line up at their right end.
    ///   - indent: spaces before each line.
    package init(_ rows: [[String]], figures: Set<Int> = [], indent: Int = 0) {
        self.rows = rows
        self.figures = figures
        self.indent = Self.spaces(indent)
    }

    /// A line per row, without spaces at its end.
    package var lines: [String] {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = columns.map { column in
                let space = Self.spaces(widths[column] - row[column].count)
                return figures.contains(column) ? space + row[column] : row[column] + space
            }
            let line = indent + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: count)
    }
}
