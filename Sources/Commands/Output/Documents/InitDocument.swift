import BlueGreen

/// What `init` prints with `--json`.
struct InitDocument: Encodable {
    struct Service: Encodable {
        let name: String
        let role: String
        let port: Int?
    }

    let formatVersion = 1
    let app: String
    let path: String?
    let services: [Service]
    /// What keeps a deploy from its work until somebody decides it.
    let problems: [ProposalReview.Remark]
    /// What else its owner should know.
    let notes: [String]

    init(
        _ proposal: Proposal, path: String?, problems: [ProposalReview.Remark], notes: [String]
    ) {
        app = proposal.app
        self.path = path
        services = proposal.services.map {
            Service(name: $0.name, role: $0.role.rawValue, port: $0.port)
        }
        self.problems = problems
        self.notes = notes
    }
}
