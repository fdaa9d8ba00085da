import BlueGreen
import FoundationEssentials

/// The source of generated files, as a comment at the end of `http.conf`: Teal reads there what
/// nginx runs. It is part of that file, so that no power cut parts the two.
struct Manifest: Equatable, Codable, Sendable {
    private(set) var format = 1
    /// Tells configurations apart; the workers answer it.
    let fingerprint: String
    let blueprint: Blueprint

    init(fingerprint: String, blueprint: Blueprint) {
        self.fingerprint = fingerprint
        self.blueprint = blueprint
    }

    private static let mark = "# teal: "

    /// nginx refuses a line of 4,096 bytes, comments included.
    private static let longest = 2_000

    /// Takes `http.conf`; nil where it has no manifest of this format.
    init?(httpFile: String) {
        let mark = Self.mark.utf8
        let pieces = httpFile.utf8.split(separator: UInt8(ascii: "\n"))
            .filter { $0.starts(with: mark) }
        let data = Data(pieces.map { $0.dropFirst(mark.count) }.joined())
        // Another program's text says nothing about where requests go, whatever is wrong with it.
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
            manifest.format == 1
        else { return nil }
        self = manifest
    }

    /// One line, or more for an app of many services.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var rest = String(decoding: try encoder.encode(self), as: UTF8.self)[...]
            var lines = ""
            while !rest.isEmpty {
                let piece = rest.prefix(Self.longest)
                lines += Self.mark + piece + "\n"
                rest = rest.dropFirst(piece.count)
            }
            return lines
        }
    }

    /// The answer of these files' workers while the link leads there.
    func answer(live: LinkState) -> StatusAnswer {
        guard blueprint.mode == .live else { return answer(routingTo: live) }
        // Without a test the link has no say; with one, no link is as good as blue.
        return answer(live, as: blueprint.isServing ? live.colour ?? .blue : nil)
    }

    /// The answer that they must give if requests are to go like this.
    func answer(routingTo state: LinkState) -> StatusAnswer {
        answer(state, as: state.colour)
    }

    private func answer(_ state: LinkState, as colour: Colour?) -> StatusAnswer {
        let names = blueprint.names
        let values = blueprint.services.map {
            ($0, names.value(of: $0, live: colour))
        }
        return StatusAnswer(
            app: blueprint.app, fingerprint: fingerprint,
            state: Set(blueprint.states.flatMap(\.flags)).intersection(state.flags),
            values: Dictionary(values) { first, _ in first })
    }
}

/// A value that stands in a manifest as its text.
protocol ManifestText: Codable, LosslessStringConvertible {}

extension ManifestText {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "\(text) is no \(Self.self)"))
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
