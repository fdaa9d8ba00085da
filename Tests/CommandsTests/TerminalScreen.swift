@testable import Commands

/// The screen of a terminal that knows what Teal writes to one.
struct TerminalScreen {
    private(set) var rows: [[Character]] = [[]]
    private(set) var scrolled: [String] = []
    /// Whether the cursor is shown, lines wrap, and pictures are not held back.
    private(set) var isAtRest = true

    private var columns: Int
    private let height: Int
    private var row = 0
    private var column = 0
    private var modes: Set<String> = ["25", "7"]

    init(columns: Int, height: Int) {
        self.columns = columns
        self.height = height
    }

    var lines: [String] {
        rows.map { row in
            String(
                String(row.filter { $0 != Self.second }).reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Wraps the lines that are too long now, as tmux does.
    mutating func narrow(to columns: Int) {
        self.columns = columns
        var wrapped: [[Character]] = []
        for (index, line) in rows.enumerated() {
            if index == row { row = wrapped.count }
            var rest = line[...]
            repeat {
                wrapped.append(Array(rest.prefix(columns)))
                rest = rest.dropFirst(columns)
            } while !rest.isEmpty
        }
        rows = wrapped
        while rows.count > height {
            scrolled.append(lines[0])
            rows.removeFirst()
            row -= 1
        }
    }

    /// The second column of a wide character.
    private static let second: Character = "\u{0}"

    mutating func write(_ text: String) {
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "\u{1B}": control(&rest)
            case "\r": column = 0
            case "\n": feed()
            default: put(character)
            }
        }
        isAtRest = modes == ["25", "7"]
    }

    private mutating func control(_ rest: inout Substring) {
        precondition(rest.popFirst() == "[")
        let argument = rest.prefix { !$0.isLetter }
        rest = rest.dropFirst(argument.count)
        switch rest.popFirst() {
        case "A": row = max(0, row - (Int(argument) ?? 1))
        case "K": rows[row] = Array(rows[row].prefix(column))
        case "H": (row, column) = (0, 0)
        case "B": row = min(rows.count - 1, row + (Int(argument) ?? 1))
        case "J":
            // As tmux does where all of the screen is cleared.
            if row == 0, column == 0 { scrolled += lines }
            rows[row] = Array(rows[row].prefix(column))
            rows.removeSubrange((row + 1)...)
        case "h": modes.insert(String(argument.dropFirst()))
        case "l": modes.remove(String(argument.dropFirst()))
        case "m": break
        case let final: preconditionFailure("\(String(describing: final))")
        }
    }

    private mutating func feed() {
        row += 1
        column = 0
        if row == rows.count { rows.append([]) }
        guard rows.count > height else { return }
        scrolled.append(lines[0])
        rows.removeFirst()
        row -= 1
    }

    private mutating func put(_ character: Character) {
        let width = String(character).displayWidth
        if column + width > columns {
            guard modes.contains("7") else { return }
            feed()
        }
        while rows[row].count < column { rows[row].append(" ") }
        for (offset, shown) in ([character] + Array(repeating: Self.second, count: width - 1))
            .enumerated()
        {
            let place = column + offset
            if rows[row].indices.contains(place) {
                rows[row][place] = shown
            } else {
                rows[row].append(shown)
            }
        }
        column += width
    }
}
