/// The difference between two texts as `diff -u` shows it. Pure.
struct UnifiedDiff {
    let text: String

    private enum Line {
        case both(Substring)
        case before(Substring)
        case after(Substring)

        var isChange: Bool {
            switch self {
            case .both: false
            case .before, .after: true
            }
        }

        var text: String {
            switch self {
            case .both(let text): " " + text
            case .before(let text): "-" + text
            case .after(let text): "+" + text
            }
        }

        var isBefore: Bool { if case .after = self { false } else { true } }
        var isAfter: Bool { if case .before = self { false } else { true } }
    }

    /// So many lines that both have stand around a change.
    private static let context = 3

    /// - Parameters: nil for a file that is not there.
    init(path: String, before: String?, after: String?) {
        let lines = Self.merged(Self.lines(before), Self.lines(after))
        let head = [
            "--- " + (before == nil ? "/dev/null" : path),
            "+++ " + (after == nil ? "/dev/null" : path),
        ]
        let hunks = Self.hunks(lines).flatMap { Self.hunk($0, of: lines) }
        text = (head + hunks).map { $0 + "\n" }.joined()
    }

    private static func lines(_ text: String?) -> [Substring] {
        guard let text else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.last == "" ? lines.dropLast() : lines
    }

    private static func merged(_ before: [Substring], _ after: [Substring]) -> [Line] {
        let difference = after.difference(from: before)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [Line] = []
        var old = 0
        var new = 0
        while old < before.count || new < after.count {
            if removed.contains(old) {
                lines.append(.before(before[old]))
                old += 1
            } else if inserted.contains(new) {
                lines.append(.after(after[new]))
                new += 1
            } else {
                lines.append(.both(after[new]))
                old += 1
                new += 1
            }
        }
        return lines
    }

    private static func hunks(_ lines: [Line]) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in lines.indices where lines[index].isChange {
            let range = max(0, index - context)..<min(lines.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return hunks
    }

    private static func hunk(_ range: Range<Int>, of lines: [Line]) -> [String] {
        func place(_ isMeant: (Line) -> Bool) -> String {
            let count = lines[range].count(where: isMeant)
            let first = lines[..<range.lowerBound].count(where: isMeant) + (count == 0 ? 0 : 1)
            return "\(first),\(count)"
        }
        return ["@@ -\(place(\.isBefore)) +\(place(\.isAfter)) @@"] + lines[range].map(\.text)
    }
}
