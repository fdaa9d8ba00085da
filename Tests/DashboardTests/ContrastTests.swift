import Dashboard
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite("The colours of the page")
struct ContrastTests {
    /// WCAG 2.2, 1.4.3 and 1.4.11, level AA.
    private static let ofText = 4.5
    private static let ofGraphics = 3.0

    @Test("Each text and each line is told from what is behind it, in both themes")
    func contrast() async throws {
        try await PageSample.served { page in
            let style = try await page.request("GET", "/style.css").body
            let themes = style.components(separatedBy: ":root{").dropFirst().map(Self.colours)
            #expect(themes.count == 2)
            for theme in themes {
                let back = try #require(theme["back"])
                let soft = try #require(theme["soft"])
                for name in ["text", "faint", "good", "bad", "warn", "link"] {
                    let colour = try #require(theme[name])
                    #expect(Self.ratio(colour, back) >= Self.ofText, "\(name) of \(theme)")
                }
                for name in ["line", "blue", "green"] {
                    let colour = try #require(theme[name])
                    #expect(Self.ratio(colour, back) >= Self.ofGraphics, "\(name) of \(theme)")
                }
                // The strips, gauges and buttons.
                for name in ["text", "good", "bad", "warn"] {
                    let colour = try #require(theme[name])
                    #expect(Self.ratio(colour, soft) >= Self.ofGraphics, "\(name) of \(theme)")
                }
            }
        }
    }

    private static func colours(_ rules: String) -> [String: UInt32] {
        let pairs = rules.prefix { $0 != "}" }.split(separator: ";").compactMap { rule in
            let parts = rule.split(separator: ":")
            let digits = parts.last?.dropFirst() ?? ""
            let whole = digits.count == 3 ? digits.map { "\($0)\($0)" }.joined() : String(digits)
            return UInt32(whole, radix: 16).map { (String(parts[0].dropFirst(2)), $0) }
        }
        return Dictionary(pairs) { $1 }
    }

    private static func ratio(_ left: UInt32, _ right: UInt32) -> Double {
        let (left, right) = (luminance(left), luminance(right))
        return (max(left, right) + 0.05) / (min(left, right) + 0.05)
    }

    /// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    private static func luminance(_ colour: UInt32) -> Double {
        let parts = [colour >> 16 & 255, colour >> 8 & 255, colour & 255].map { byte in
            let part = Double(byte) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
