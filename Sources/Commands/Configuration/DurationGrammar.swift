/// How durations are written in `teal.yml` and on the command line: `500ms`, `2s`, `5m`, `1h`.
enum DurationGrammar {
    static let limit = Duration.seconds(86_400)

    static func duration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.count <= 8, let count = Int64(digits) else { return nil }
        return switch text.dropFirst(digits.count) {
        case "ms": .milliseconds(count)
        case "s": .seconds(count)
        case "m": .seconds(count * 60)
        case "h": .seconds(count * 3600)
        default: nil
        }
    }
}
