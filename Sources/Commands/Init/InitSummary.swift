import BlueGreen
import Nginx

/// The words of `teal init` beside the file that it writes. Pure.
struct InitSummary {
    let proposal: Proposal
    let remarks: [ProposalReview.Remark]
    let lines: NginxSettings
    /// The path of the file; nil for standard output.
    let path: String?
    /// The options that the next commands must repeat, ` --config deploy/teal.yml`.
    let options: String
    /// Other sentences for the user.
    let notes: [String]

    var text: String {
        let parts = [written, services, decisions, nginx, next]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var written: String {
        guard let path else { return "" }
        return "Wrote \(SafeLine.own(path)) for the app \(proposal.app).\n"
    }

    private var services: String {
        let rows = TextTable(proposal.services.map { [$0.name, $0.summary] }, indent: 2).lines
        let all = proposal.otherExposed.map(\.name)
        let others = all.count > 8 ? all.prefix(7) + ["\(all.count - 7) others"] : all
        let choice =
            others.isEmpty
            ? ""
            : "nginx could reach \(others.joined(separator: ", ")) as well: look at the comments "
                + "there, or name another one with --service.\n"
        return rows.map { $0 + "\n" }.joined() + choice
    }

    private var decisions: String {
        let sentences =
            remarks.map { "\(file):\($0.line): \($0.text)" } + notes
        guard !sentences.isEmpty else { return "" }
        return "Yours to decide:\n"
            + sentences.flatMap { SafeLine.lines($0) }.map { "  \($0)\n" }.joined()
    }

    private var file: String {
        path.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "teal.yml"
    }

    private var nginx: String {
        let exposed = proposal.services.filter { $0.port != nil }.map(\.name)
        let location = exposed.map { "    location / { \(lines.locationLine($0)) }\n" }.joined()
        return """
            nginx needs, once per host, inside http { }, as in /etc/nginx/conf.d/teal.conf:
                \(lines.httpLine)
            and, after the first deploy, in the server block of your site:
                \(lines.serverLine)
            \(location)
            """
    }

    private var next: String { "Next: `teal check\(options)`.\n" }
}

extension ProposedService {
    fileprivate var summary: String {
        switch part {
        case .exposed(let port): "exposed at port \(port)"
        case .shared(.infrastructure(let image)): "shared (\(SafeLine.own(image)))"
        case .shared(.writes): "shared (it can write to a volume)"
        case .shared(.publishes(let port)): "shared (it publishes port \(SafeLine.own(port)))"
        case .shared(.neededBy(let other)): "shared (\(other) depends on it)"
        case .singleton: "singleton (it can write to a volume)"
        case .internal: seemsSingle ? "internal, or singleton?" : "internal"
        }
    }
}
