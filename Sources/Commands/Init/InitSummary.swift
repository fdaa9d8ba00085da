import BlueGreen

/// The words of `teal init` beside the file that it writes. Pure.
struct InitSummary {
    let proposal: Proposal
    let remarks: [ProposalReview.Remark]
    let lines: NginxLines
    /// The path of the file; nil for standard output.
    let path: String?
    /// The options that the next commands must repeat, ` --config deploy/teal.yml`.
    let options: String
    /// Other sentences about what to do something about.
    let decisions: [String]
    /// Sentences that are good to know.
    let notes: [String]

    var text: String {
        let parts = [written, services, yours, known, nginx, next]
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

    private var yours: String {
        list("Yours to decide:", remarks.map { "\(file):\($0.line): \($0.text)" } + decisions)
    }

    private var known: String { list("Good to know:", notes) }

    private func list(_ title: String, _ sentences: [String]) -> String {
        guard !sentences.isEmpty else { return "" }
        return title + "\n" + sentences.flatMap { SafeLine.lines($0) }.map { "  \($0)\n" }.joined()
    }

    private var file: String {
        path.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "teal.yml"
    }

    private var nginx: String {
        """
        nginx needs, once per host, inside http { }, as in /etc/nginx/conf.d/00-teal.conf:
            \(lines.http)
        and, after the first deploy, in the server block of your site:
            \(lines.server)
        \(locations)
        """
    }

    /// nginx takes each path once per server block.
    private var locations: String {
        // The entrance may be undecided, and another service is none in its place.
        let entrance = proposal.services.first?.name
        let first = lines.locations.filter { $0.service == entrance }
            .map { "    location / { \($0.line) }\n" }
        let others = lines.locations.filter { $0.service != entrance }.map {
            "    location /\($0.service)/ { \($0.line) }\n"
        }
        let choice =
            others.isEmpty
            ? ""
            : "A server block has one `location /`. Choose the paths of the others, which reach "
                + "the service as they are, or\ngive each a server block of its own, with the "
                + "line of server.conf and `location /`:\n"
        let open = proposal.services.filter { service in
            service.question?.choices.contains { if case .exposed = $0 { true } else { false } }
                ?? false
        }.map(\.name)
        let later =
            open.isEmpty
            ? ""
            : "A line for \(open.joined(separator: ", ")) belongs there once it is decided that "
                + "nginx reaches it: `teal check` tells it.\n"
        return first.joined() + choice + others.joined() + later
    }

    private var next: String {
        let open = proposal.services.filter { $0.question != nil }.map(\.name)
        return open.isEmpty
            ? "Next: `teal check\(options)`.\n"
            : "Next: decide about \(open.joined(separator: ", ")) in \(file), then "
                + "`teal check\(options)`.\(likeliest)\n"
    }
}

extension InitSummary {
    /// Where evidence is for an answer to one of the questions.
    private var likeliest: String {
        proposal.services.contains { $0.question?.likeliest != nil }
            ? " `teal init --yes` takes the likeliest." : ""
    }
}

extension ProposedService {
    /// The ports that the host no longer has; empty where its owner has yet to say so.
    private var unpublished: String {
        guard let dropping, dropping.isAccepted else { return "" }
        let ports = dropping.ports.map(String.init).joined(separator: ", ")
        return ", without the host's port \(ports)"
    }

    fileprivate var summary: String {
        if question != nil { return "undecided" }
        let why = reasons.isEmpty ? "" : " (\(reasonText))"
        // While its ports are a question it has no line that says so of its volumes.
        let hasEntry = part != .internal || dropping?.isAccepted ?? true
        let rest = (hasEntry ? volumesEntry.map { ", \($0)" } ?? "" : "") + unpublished
        return switch part {
        case .exposed(let port): "exposed at port \(port)\(why)\(rest)"
        case .shared: "shared\(why)"
        case .singleton: "singleton\(why)\(rest)"
        case .internal: "internal\(why)\(rest)"
        }
    }
}
