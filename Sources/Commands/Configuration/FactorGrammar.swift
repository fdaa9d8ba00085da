/// How often something fits into something else, as `teal.yml` writes it: `3x`, `2.5x`.
enum FactorGrammar {
    /// Whoever allows more has no bound.
    static let limits = 1.0...1000

    static func factor(_ text: String) -> Double? {
        guard text.hasSuffix("x") else { return nil }
        let number = text.dropLast()
        let isPlain = number.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
        guard isPlain, number.first?.isNumber == true, number.last?.isNumber == true else {
            return nil
        }
        return Double(number)
    }

    /// `3x`, `2.5x`
    static func text(_ factor: Double) -> String {
        let isWhole = factor == factor.rounded()
        return (isWhole ? "\(Int(factor))" : "\(factor)") + "x"
    }
}
