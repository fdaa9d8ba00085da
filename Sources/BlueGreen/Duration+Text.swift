extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// As people read it: `350 ms`, `1.2 s`, `120 s`, `10 min`.
    package var text: String {
        let milliseconds = wholeMilliseconds
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 10_000 {
            let tenths = (milliseconds + 50) / 100
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        let seconds = (milliseconds + 500) / 1000
        return seconds >= 300 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    /// As `teal.yml` writes it, in the largest unit that divides it: `500ms`, `90s`, `2m`, `1h`,
    /// and `7d` beyond one day.
    package var compact: String {
        switch wholeMilliseconds {
        case 0: "0s"
        case let value where value > 86_400_000 && value % 86_400_000 == 0:
            "\(value / 86_400_000)d"
        case let value where value % 3_600_000 == 0: "\(value / 3_600_000)h"
        case let value where value % 60_000 == 0: "\(value / 60_000)m"
        case let value where value % 1000 == 0: "\(value / 1000)s"
        case let value: "\(value)ms"
        }
    }
}
