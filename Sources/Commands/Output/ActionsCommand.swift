/// Lines that the runner of a GitHub Actions job takes for commands.
enum ActionsCommand {
    static let endGroup = "::endgroup::\n"

    static func group(_ title: String) -> String { "::group::\(escaped(title))\n" }

    static func warning(_ text: String) -> String { "::warning::\(escaped(text))\n" }

    /// Annotations that the job's page shows, one per line; an empty one is none. An indented line
    /// is a row of a table and stays with the sentence above it, since a page shows few of them.
    static func errors(_ lines: [String]) -> String {
        let texts: [String] = lines.reduce(into: []) { texts, line in
            if line.hasPrefix(" "), let sentence = texts.popLast() {
                texts.append(sentence + "\n" + line)
            } else {
                texts.append(line)
            }
        }
        return texts.filter { !$0.isEmpty }.map { "::error::\(escaped($0))\n" }.joined()
    }

    /// As the runner's own toolkit escapes a command's data:
    /// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
