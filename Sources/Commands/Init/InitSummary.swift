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
        let location = lines.locations.map { "    location / { \($0) }\n" }.joined()
        return """
            nginx needs, once per host, inside http { }, as in /etc/nginx/conf.d/teal.conf:
                \(lines.http)
            and, after the first deploy, in the server block of your site:
                \(lines.server)
            \(location)
            """
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
    fileprivate var summary: String {
        if question != nil { return "undecided" }
        let why = reasons.isEmpty ? "" : " (\(reasonText))"
        let volumes = volumesEntry.map { ", \($0)" } ?? ""
        return switch part {
        case .exposed(let port): "exposed at port \(port)\(why)\(volumes)"
        case .shared: "shared\(why)"
        case .singleton: "singleton\(why)\(volumes)"
        case .internal: "internal\(why)\(volumes)"
        }
    }
}
