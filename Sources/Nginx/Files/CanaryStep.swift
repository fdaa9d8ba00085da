import BlueGreen

/// A share as nginx divides requests by it: above 0 %, below 100 %, in hundredths of a percent.
struct CanaryStep: Hashable, Comparable, Sendable, ManifestText {
    private let hundredths: Int

    /// nil for a share that nginx cannot have.
    init?(_ share: Share) {
        let exact = share.fraction * 10_000
        guard exact.isFinite, (0.5..<9_999.5).contains(exact), abs(exact - exact.rounded()) < 1e-6
        else { return nil }
        hundredths = Int(exact.rounded())
    }

    /// Takes `10` or `12.5`, and no other spelling of the same share.
    init?(name: some StringProtocol) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let digits = parts.joined()
        guard (1...2).contains(parts.count), digits.utf8.count <= 4,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(digits)
        else { return nil }
        let decimals = parts.count == 2 ? parts[1].utf8.count : 0
        guard decimals <= 2 else { return nil }
        hundredths = number * [100, 10, 1][decimals]
        guard (1...9_999).contains(hundredths), self.name == name else { return nil }
    }

    init?(_ text: String) {
        self.init(name: text)
    }

    var description: String { name }

    var share: Share { Share(percent: Double(hundredths) / 100) }

    /// `10` or `12.5`, as it stands in the names of folders and markers.
    var name: String { Self.spelled(hundredths) }

    /// `40%` for 50 above 10.
    func percentage(above other: CanaryStep?) -> String {
        Self.spelled(hundredths - (other?.hundredths ?? 0)) + "%"
    }

    private static func spelled(_ hundredths: Int) -> String {
        let whole = "\(hundredths / 100)"
        let rest = hundredths % 100
        switch (rest, rest % 10) {
        case (0, _): return whole
        case (_, 0): return "\(whole).\(rest / 10)"
        case (..<10, _): return "\(whole).0\(rest)"
        case (_, _): return "\(whole).\(rest)"
        }
    }

    static func < (left: CanaryStep, right: CanaryStep) -> Bool {
        left.hundredths < right.hundredths
    }
}
