/// Names one immutable container set: `20261120-213405-3f9c`. It is the UTC second in which the set
/// was made, and four hexadecimal digits against equal ids. Ids sort by age.
package struct ReleaseID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let text: String

    package init(at now: Timestamp, entropy: UInt16) {
        let digits = String(entropy, radix: 16)
        text = now.compact + "-" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Takes an id that was written down before; nil where the text has not an id's shape. An id
    /// has digits, letters and dashes only, so it is safe as a file name and an image tag.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 8, parts[1].count == 6, parts[2].count == 4,
            parts[0].utf8.allSatisfy(Self.isDigit), parts[1].utf8.allSatisfy(Self.isDigit),
            parts[2].utf8.allSatisfy({ Self.isDigit($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = ReleaseID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no release id: \(text)"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package static func < (left: ReleaseID, right: ReleaseID) -> Bool {
        left.text < right.text
    }

    package var description: String { text }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }
}

/// A release as people read it: `20261120-213405-3f9c (v2)`.
package struct ReleaseName: Hashable, Sendable, CustomStringConvertible {
    package let id: ReleaseID
    package let label: String?

    package init(_ id: ReleaseID, label: String? = nil) {
        self.id = id
        self.label = label
    }

    package var description: String {
        label.map { "\(id.text) (\($0))" } ?? id.text
    }
}
