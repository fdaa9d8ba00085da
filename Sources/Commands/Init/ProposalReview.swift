import Orchestration

/// The decisions that a proposed `teal.yml` leaves to its owner. Pure.
struct ProposalReview: Hashable, Sendable {
    struct Remark: Hashable, Sendable, Codable {
        /// Of the service's entry in `teal.yml`.
        let line: Int
        let text: String
    }

    let remarks: [Remark]

    /// Reads the text back as every other verb will. What is undecided is told as the question that
    /// it is, beside the problems that the rest would have.
    ///
    /// - Throws: `CommandsError.configuration` where it is none, which would be a mistake of
    ///   Teal's own.
    init(of proposal: Proposal, _ project: ProjectOutline) throws(CommandsError) {
        let text = proposal.text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let open = proposal.services.filter { $0.question != nil }
        let readable = proposal.readable().text
        let configuration = try AppConfiguration(
            yaml: readable, file: "teal.yml", environment: [:])
        let undecided = Set(open.map(\.name))
        // A question tells lines that take every open word about its service.
        let questions = proposal.services.flatMap(\.questions).map { question in
            let start =
                undecided.contains(question.service) ? "\(question.service) is undecided. " : ""
            return Remark(
                line: Self.line(of: question.service, in: lines), text: start + question.told)
        }
        remarks =
            questions
            + project.problems(configuration.services)
            .filter { undecided.isDisjoint(with: $0.others.union([$0.service])) }
            .map { Remark(line: Self.line(of: $0.service, in: lines), text: $0.message) }
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

extension Proposal {
    /// A file that can be read: each undecided part is the first there is to choose from, and what
    /// else is a question is answered, so that `check` has nothing to say of what is told as one.
    fileprivate func readable() -> Proposal {
        var readable = self
        for service in services {
            if service.question != nil {
                if let question = service.questions.first, let first = question.choices.first {
                    readable.assume(first.answer, of: service.name)
                }
            } else {
                for answer in [ProposalQuestion.Answer.writers, .empty, .noPorts] {
                    readable.assume(answer, of: service.name)
                }
            }
        }
        return readable
    }
}
