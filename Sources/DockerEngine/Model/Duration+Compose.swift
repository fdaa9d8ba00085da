extension Duration {
    /// A duration as Go and Compose write it, `1m30s`, `1.5h`, `500ms`; nil for anything else.
    package init?(composeText text: String) {
        var total = 0.0
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !$0.isNumber && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let count = Double(digits), let seconds = Self.seconds(of: unit) else {
                return nil
            }
            total += count * seconds
        }
        self = .milliseconds(Int64((total * 1000).rounded()))
    }

    private static func seconds(of unit: Substring) -> Double? {
        switch unit {
        case "ns": 1e-9
        case "us", "µs": 1e-6
        case "ms": 1e-3
        case "s": 1
        case "m": 60
        case "h": 3600
        default: nil
        }
    }
}
