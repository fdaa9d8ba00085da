import DockerCompose

/// A `teal.yml` for a compose project that has none yet. Pure.
struct Proposal: Hashable, Sendable {
    /// The choices of the user on the command line.
    struct Wish: Hashable, Sendable {
        var service: String?
        var port: Int?
    }

    let app: String
    /// As `teal.yml` is to name them; empty where it finds them by itself.
    let composeFiles: [String]
    /// The exposed one first, the others in alphabetical order.
    let services: [ProposedService]

    /// - Throws: `CommandsError.notProposed` if no service is known that nginx is to reach.
    init(
        _ project: ComposeProject, _ wish: Wish, composeFiles: [String]
    ) throws(CommandsError) {
        app = project.app
        self.composeFiles = composeFiles
        let exposed: ExposedService
        do throws(ProposalMistake) {
            exposed = try ExposedService(project.services, wish)
        } catch {
            throw .notProposed(error)
        }
        services = RoleProposal(project.services, exposed).services
    }

    /// The services that could take the requests as well as the one that does.
    var otherExposed: [ProposedService] { services.filter { $0.otherPort != nil } }
}
