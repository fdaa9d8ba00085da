import BlueGreen

/// The result of `init` with `--json`.
struct InitDocument: Encodable {
    struct Service: Encodable {
        let name: String
        /// `undecided` beside the role's own names.
        let role: String
        let port: Int?
    }

    let formatVersion = 1
    let app: String
    let path: String?
    let services: [Service]
    /// Problems that keep a deploy from beginning until its owner decides them.
    let problems: [ProposalReview.Remark]
    /// Other sentences for its owner.
    let notes: [String]

    init(
        _ proposal: Proposal, path: String?, problems: [ProposalReview.Remark], notes: [String]
    ) {
        app = proposal.app
        self.path = path
        services = proposal.services.map {
            $0.question == nil
                ? Service(name: $0.name, role: $0.role.rawValue, port: $0.port)
                : Service(name: $0.name, role: "undecided", port: nil)
        }
        self.problems = problems
        self.notes = notes
    }
}
