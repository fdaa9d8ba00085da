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
            let lines = CommentText.lines(
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
