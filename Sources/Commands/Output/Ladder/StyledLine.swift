/// One line as parts of text, each with its meaning: a terminal paints it, a page marks it up.
struct StyledLine: Hashable, Sendable {
    enum Style: Hashable, Sendable {
        case plain
        case strong
        case faint
        case good
        case warning
        case bad
    }

    struct Part: Hashable, Sendable {
        let text: String
        let style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    let parts: [Part]

    init(_ parts: [Part]) {
        self.parts = parts
    }

    var text: String { parts.map(\.text).joined() }

    /// At most so many columns, without spaces at its end.
    func cut(toColumns columns: Int, mark: String) -> StyledLine {
        var kept: [Part] = []
        var room = columns
        for part in parts {
            let text = part.text.cut(toColumns: room, mark: mark)
            kept.append(Part(text, part.style))
            if text != part.text { break }
            room -= text.displayWidth
        }
        while let last = kept.popLast() {
            let text = String(last.text.reversed().drop { $0 == " " }.reversed())
            guard text.isEmpty else {
                kept.append(Part(text, last.style))
                break
            }
        }
        return StyledLine(kept)
    }
}

extension [StyledLine.Part] {
    /// Those that say something, as a remark beside what counts.
    static func faint(_ texts: [String?]) -> Self {
        texts.compactMap(\.self).filter { !$0.isEmpty }.map { .init($0, .faint) }
    }
}
