/// A program of the user's that a deployment runs on its way.
package struct Hook: Hashable, Codable, Sendable {
    /// Where it runs.
    package enum Place: Hashable, Codable, Sendable {
        case host
        /// In a container of this service of the candidate.
        case service(String)
    }

    /// The program and its arguments; never empty, and no shell reads them.
    package let words: [String]
    package let place: Place
    /// It is ended when it takes longer.
    package let timeout: Duration

    package static let usualTimeout = Duration.seconds(300)

    package init(
        _ words: [String], in place: Place = .host, timeout: Duration = Self.usualTimeout
    ) {
        self.words = words
        self.place = place
        self.timeout = timeout
    }

    /// As a person would type it, for progress and failures.
    package var text: String {
        let command = words.map(Self.quoted).joined(separator: " ")
        return switch place {
        case .host: "`\(command)`"
        case .service(let service): "`\(command)` in \(service)"
        }
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && !word.contains { $0.isWhitespace || "'\"\\`".contains($0) }
        return isPlain ? word : "'\(word)'"
    }
}
