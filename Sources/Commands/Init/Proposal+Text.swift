import HostSystem

extension Proposal {
    /// The text of `teal.yml`. Comments at its end show more careful choices, and the defaults.
    var text: String {
        [heading, names, entries, Self.choices, Self.defaults].joined(separator: "\n")
    }

    private var heading: String {
        """
        # Teal's configuration, written by `teal init` from the compose file. Look it over and
        # change it: `teal check` says whether it holds, `teal init --explain` explains every key.

        """
    }

    private var names: String {
        let compose =
            switch composeFiles.count {
            case 0: ""
            case 1: "compose: \(Self.scalar(composeFiles[0]))\n"
            default: "compose: [\(composeFiles.map(Self.scalar).joined(separator: ", "))]\n"
            }
        return """
            # Names the containers (\(app)-blue-...), the volumes (\(app)_...) and nginx's files.
            app: \(app)
            \(compose)
            """
    }

    private var entries: String {
        let spoken = services.compactMap(\.lines)
        let silent = services.filter { $0.lines == nil }.map(\.name)
        var blocks = spoken.map { lines in lines.map { "  \($0)\n" }.joined() }
        if !silent.isEmpty {
            let lines = ProposedService.comment(
                "Each colour has its own of these, which needs no line: "
                    + silent.joined(separator: ", ") + ".")
            blocks.append(lines.map { "  \($0)\n" }.joined())
        }
        return "services:\n" + blocks.joined(separator: "\n")
    }

    private static let choices =
        "# Going forward more carefully; take a # away to do so.\n" + comments(.careful)

    private static let defaults =
        "# What holds without these lines; take a # away to change one.\n" + comments(.standard)

    private static func comments(
        _ offer: ConfigurationReader.Key<AppConfiguration>.Offer
    ) -> String {
        ConfigurationReader.fileSection.offers(offer).map { "# \($0)\n" }.joined()
    }

    /// A path as YAML and as Teal's variables have it.
    private static func scalar(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            let character = Character(UnicodeScalar(byte))
            return character.isASCII
                && (character.isLetter || character.isNumber || "/._-".contains(character))
        }
        if isPlain, path.first?.isLetter == true || path.first == "/" || path.first == "." {
            return path
        }
        let escaped = path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped.replacing("$", with: "$$"))\""
    }
}

extension ProposedService {
    /// Without indentation; nil where nothing needs to be said.
    fileprivate var lines: [String]? {
        switch part {
        case .exposed(let port): exposedLines(port)
        case .shared(let reason): sharedLines(reason)
        case .singleton:
            [
                "# It can write, so it runs in one colour at a time: the old one is stopped before",
                "# the new one starts.", "\(name): {role: singleton}",
            ]
        case .internal: internalLines
        }
    }

    private func exposedLines(_ port: Int) -> [String] {
        var lines = ["# nginx sends requests to this port of it.", "\(name):", "  port: \(port)"]
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
        if let writes {
            lines += [
                "  # It can write to \(Self.shown(writes)),",
                "  # and while two colours run both would. Take the # away if that is fine, or",
                "  # mount it read-only in the compose file:", "  # volumes: shared",
            ]
        }
        return lines
    }

    private func sharedLines(_ reason: Reason) -> [String] {
        let why =
            switch reason {
            case .infrastructure(let image): "Not part of a release (\(Self.shown(image)))"
            case .writes: "It can write to a volume of its own"
            case .publishes(let port):
                "It publishes port \(Self.shown(port)), which two colours cannot hold"
            case .neededBy(let other): "\(other), which is shared, depends on it"
            }
        var lines = Self.comment("\(why): one for both colours, left alone by a deploy.")
        if let otherPort {
            lines += [
                "# If nginx is to reach it and each release has its own, write instead:",
                "# \(name): {port: \(otherPort)}",
            ]
        }
        return lines + ["\(name): {role: shared}"]
    }

    private var internalLines: [String]? {
        var lines: [String] = []
        if let writes {
            lines += [
                "# It can write to \(Self.shown(writes)),",
                "# and while two colours run both would. Choose one of these:",
                "# \(name): {role: singleton}", "# \(name): {volumes: shared}",
            ]
        } else if seemsSingle {
            lines += [
                "# Each colour has its own. If two must never run at once, as a queue's consumer:",
                "# \(name): {role: singleton}",
            ]
        }
        if let otherPort {
            lines += [
                "# Reached by name inside its colour. If nginx is to reach it as well:",
                "# \(name): {port: \(otherPort)}",
            ]
        }
        return lines.isEmpty ? nil : lines
    }

    /// A sentence as lines that end before column 90.
    fileprivate static func comment(_ text: String) -> [String] {
        var lines = ["#"]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count > 86 { lines.append("#") }
            lines[lines.count - 1] += " " + word
        }
        return lines
    }

    /// Nothing of the compose file may end a comment's line.
    private static func shown(_ text: String) -> String {
        PrintableText(SafeLine.lines(text).joined(separator: " ")).cut(toBytes: 70)
    }
}
