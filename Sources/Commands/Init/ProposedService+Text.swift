import BlueGreen
import HostSystem
import Orchestration

extension ProposedService {
    /// Its entry in `teal.yml` without indentation; nil where nothing needs to be said.
    var lines: [String]? {
        if let question { return undecidedLines(question) }
        switch part {
        case .exposed: return exposedLines
        case .shared, .singleton: return plainLines
        case .internal: return internalLines
        }
    }

    /// `check` refuses the role until it is decided.
    private func undecidedLines(_ question: Question) -> [String] {
        var lines = CommentText.lines(question.text)
        if question.likeliest == question.choices.first, !reasons.isEmpty {
            lines += CommentText.lines("For the first speaks: \(reasonText).")
        }
        lines.append("# Put one of these in the place of the last line:")
        lines += question.choices.map { "# \(line(choosing: $0))" }
        return lines + ["\(name): {role: undecided}"]
    }

    private var exposedLines: [String] {
        var lines = CommentText.lines(
            reasons.isEmpty
                ? "nginx sends requests to this port of it."
                : "nginx sends requests to this port of it: \(reasonText).")
        if let portReason { lines += CommentText.lines(portReason) }
        if let ownTLS { lines += CommentText.lines(ownTLS) }
        lines += ["\(name):"] + entries(as: part, withPorts: false).map { "  \($0)" }
        if hasHealthCheck {
            lines += [
                "  # Ready when the compose file's healthcheck says so. A request costs less than",
                "  # a program and may come more often:", "  # health: {http: /healthz}",
                "  health: {docker: true}",
            ]
        } else {
            lines += [
                "  # Ready when the port opens. Better, if it has a path that tells more:",
                "  # health: {http: /healthz}",
            ]
        }
        return lines + portLines + volumeLines
    }

    /// Of several ports the one that nginx reaches, and why; nil where there is one only.
    private var portReason: String? {
        guard let own = judgedPorts.first(where: { $0.number == port }), judgedPorts.count > 1
        else { return nil }
        let others = judgedPorts.filter { $0 != own }.map(\.text).joined(separator: ", ")
        return "Of its ports visitors want \(own.text), and not \(others)."
    }

    private var portLines: [String] {
        guard let dropping else { return [] }
        let line = "unpublished: [\(dropping.ports.map(String.init).joined(separator: ", "))]"
        if dropping.isAccepted {
            return ["  # Published in the compose file; two colours cannot hold it.", "  \(line)"]
        }
        return [
            "  # Published in the compose file, and two colours cannot hold it. Take the # away",
            "  # if nobody needs it from outside:", "  # \(line)",
        ]
    }

    private var volumeLines: [String] {
        var lines: [String] = []
        var needs: [String] = []
        if let writing {
            lines += CommentText.lines(Self.sentence(writing), "  ")
            if !acceptsWriters { needs.append("both colours may write there at once") }
        }
        if let empties {
            lines += CommentText.lines(empties.text, "  ")
            if !acceptsEmpty { needs.append("it may begin empty with each release") }
        }
        if !needs.isEmpty {
            let help = writing == nil || acceptsWriters ? "mount a volume" : "mount it read-only"
            let way = acceptedVolumes.isEmpty ? "Take the # away" : "Let this be the line below"
            lines += CommentText.lines(
                "\(way) if \(needs.joined(separator: ", and if ")); else \(help) there in "
                    + "the compose file:", "  ")
            lines.append("  # volumes: \(offeredVolumes.text)")
        }
        return lines + (volumesEntry.map { ["  \($0)"] } ?? [])
    }

    /// With the reason why two writers are fine, where there is one.
    private static func sentence(_ writing: Writing) -> String {
        let place = CommentText.shown(writing.text)
        return "It can write to \(place)"
            + (writing.reason.map { ": \(CommentText.shown($0))." } ?? ".")
    }

    private var plainLines: [String] {
        let why = reasons.isEmpty ? "" : " (\(reasonText))"
        var lines =
            part == .shared
            ? CommentText.lines(
                "Not part of a release\(why): one for both colours, left alone by a deploy.")
            : CommentText.lines(
                "In one colour at a time\(why): the old one is stopped before the new one starts.")
        if part == .shared { lines += otherPortLines }
        if let empties {
            lines += CommentText.lines(empties.text)
            if !acceptsEmpty {
                lines.append("# If it may begin empty: \(line(as: part, .fresh))")
            }
        }
        return lines + [line(as: part, acceptedVolumes)]
    }

    private var internalLines: [String]? {
        var lines: [String] = []
        // Several of them may stand one below the other, without a line of `teal.yml` between them.
        if let remark {
            let isNamed = remark.contains("\(name): ")
            lines += CommentText.lines(isNamed ? remark : "\(name): \(remark)")
        }
        if isOpen { lines += openVolumeLines } else { lines += otherPortLines }
        if let dropping, !dropping.isAccepted {
            let sentence = "It publishes a port, and two colours cannot hold it."
            let keeping = keepingPorts.map { CommentText.lines("Else \($0).") } ?? []
            if isOpen {
                let drops = "Each of these drops it, if nobody needs it from outside."
                return lines + CommentText.lines("\(sentence) \(drops)") + keeping
            }
            return lines + CommentText.lines("\(sentence) If nobody needs it from outside:")
                + ["# \(line(as: .internal, acceptedVolumes))"] + keeping
        }
        let settled = entries(as: .internal) + [volumesEntry].compactMap(\.self)
        guard !settled.isEmpty, !isOpen else { return lines.isEmpty ? nil : lines }
        if dropping != nil {
            lines += CommentText.lines(
                "Reached by name inside its colour; its port is not published.")
        }
        if let writing, acceptsWriters { lines += CommentText.lines(Self.sentence(writing)) }
        return lines + ["\(name): {\(settled.joined(separator: ", "))}"]
    }

    /// Its owner has to say something about its volumes.
    private var isOpen: Bool {
        (writing != nil && !acceptsWriters) || (empties != nil && !acceptsEmpty)
    }

    private var openVolumeLines: [String] {
        var lines: [String] = []
        if let writing, !acceptsWriters {
            lines += CommentText.lines(Self.sentence(writing))
            lines += ["# While two colours run both would. Choose one of these:"]
        }
        if let empties, !acceptsEmpty {
            lines += CommentText.lines(empties.text + " Choose one of these:")
        }
        let remedies = writing != nil && !acceptsWriters ? writersRemedies : emptyRemedies
        return lines + remedies.flatMap(remedyLines)
    }

    /// The line, below the sentence that says when it is right.
    private func remedyLines(_ remedy: Remedy) -> [String] {
        guard let line = line(for: remedy) else { return [] }
        let sentence = remedy.purpose.prefix(1).uppercased() + remedy.purpose.dropFirst()
        return CommentText.lines("\(sentence):") + ["# \(line)"]
    }

    /// nginx takes the place of the proxy, and has no line for what is shared.
    private func routedLines(_ port: Int) -> [String] {
        CommentText.lines(
            "A proxy's labels bring visitors here, and nginx takes that proxy's place. Publish the "
                + "port for this host in the compose file, `ports: [\"127.0.0.1:\(port):\(port)\"]`, "
                + "and let a site of nginx say `proxy_pass http://127.0.0.1:\(port);`.")
            + [
                "# If each release has its own, write instead:",
                "# \(line(as: .exposed(port: port)))",
            ]
    }

    private var otherPortLines: [String] {
        if part == .shared, let routedPort { return routedLines(routedPort) }
        guard let otherPort else { return [] }
        return [
            part == .shared
                ? "# If nginx is to reach it and each release has its own, write instead:"
                : "# Reached by name inside its colour. If nginx is to reach it as well:",
            "# \(line(as: .exposed(port: otherPort), part == .shared ? [] : offeredVolumes))",
        ]
    }

    var reasonText: String { CommentText.shown(reasons.prefix(3).joined(separator: ", ")) }
}

/// Text of a compose file in comments of `teal.yml`.
enum CommentText {
    /// A sentence as lines that end before column 90.
    static func lines(_ text: String, _ indent: String = "") -> [String] {
        var lines = ["\(indent)#"]
        for word in text.split(whereSeparator: \.isWhitespace) {
            if lines[lines.count - 1].count + word.count > 86 { lines.append("\(indent)#") }
            lines[lines.count - 1] += " " + PrintableText(String(word)).text
        }
        return lines
    }

    /// Nothing of the compose file may end a comment's line.
    static func shown(_ text: String) -> String {
        PrintableText(SafeLine.lines(text).joined(separator: " ")).cut(toBytes: 100)
    }
}
