import ArgumentParser

extension Duration {
    /// `500ms`, `10s` or `5m`.
    init(text: String) throws {
        let digits = text.prefix(while: \.isNumber)
        let unit = text.dropFirst(digits.count)
        switch (Int64(digits), unit) {
        case (let number?, "ms"): self = .milliseconds(number)
        case (let number?, "s"): self = .seconds(number)
        case (let number?, "m"): self = .seconds(number * 60)
        default: throw ValidationError("\"\(text)\" is no duration like 500ms, 10s or 5m")
        }
    }
}
