import DockerCompose

/// The problems of a proposed `teal.yml` that only its owner can decide. Pure.
struct ProposalReview: Hashable, Sendable {
    struct Remark: Hashable, Sendable, Codable {
        /// Of the service's entry in `teal.yml`.
        let line: Int
        let text: String
    }

    let remarks: [Remark]

    /// Reads the text back as every other verb will.
    ///
    /// - Throws: `CommandsError.configuration` where it is none, which would be a mistake of
    ///   Teal's own.
    init(of text: String, _ project: ComposeProject) throws(CommandsError) {
        let configuration = try AppConfiguration(yaml: text, file: "teal.yml", environment: [:])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        remarks = project.problems(configuration.services).map { problem in
            Remark(line: Self.line(of: problem.service, in: lines), text: problem.message)
        }
    }

    /// The entry itself, else the comment that has it, else where it would stand.
    private static func line(of service: String, in lines: [Substring]) -> Int {
        let index =
            lines.firstIndex { $0.hasPrefix("  \(service):") }
            ?? lines.firstIndex { $0.hasPrefix("  # \(service):") }
            ?? lines.firstIndex(of: "services:") ?? 0
        return index + 1
    }
}
