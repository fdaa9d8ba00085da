extension String {
    /// The columns that a terminal gives the text: two for East Asian wide characters and emoji.
    var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text at this width, with the mark at the place of what is missing.
    func cut(toColumns columns: Int, mark: String) -> String {
        if displayWidth <= columns { return self }
        let kept = fitting(columns - mark.displayWidth)
        return mark.displayWidth <= columns ? kept + mark : kept
    }

    /// The same with the mark in the middle: the end of a container's name is its number.
    func cutInside(toColumns columns: Int, mark: String) -> String {
        let room = columns - mark.displayWidth
        guard displayWidth > columns, room >= 4 else { return cut(toColumns: columns, mark: mark) }
        let end = String(String(reversed()).fitting(room / 3).reversed())
        return fitting(room - end.displayWidth) + mark + end
    }

    /// The text with spaces up to this width.
    func padded(toColumns columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - displayWidth))
    }

    private func fitting(_ columns: Int) -> String {
        var width = 0
        return String(
            prefix { character in
                width += character.displayWidth
                return width <= columns
            })
    }
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if first.isASCII { return unicodeScalars.contains("\u{FE0F}") ? 2 : 1 }
        let isEmoji = unicodeScalars.contains {
            $0.value == 0xFE0F || $0.properties.isEmojiPresentation
        }
        if isEmoji || first.isWide { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return 1
        }
    }
}

extension Unicode.Scalar {
    /// The blocks of East Asian Width W and F: https://www.unicode.org/reports/tr11/
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
