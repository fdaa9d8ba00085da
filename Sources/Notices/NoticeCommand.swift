import BlueGreen
import HostSystem

/// A program that takes notices, run without a shell.
///
/// In its words `{text}` and `{subject}` stand for the notice's. The text is its standard input
/// too, and `TEAL_EVENT`, `TEAL_APP`, `TEAL_HOST`, `TEAL_AT`, `TEAL_COLOUR`, `TEAL_RELEASE`,
/// `TEAL_LABEL`, `TEAL_PREVIOUS_RELEASE`, `TEAL_REASON`, `TEAL_NEXT`, `TEAL_OTHERWISE`,
/// `TEAL_UNTIL`, `TEAL_PREVIEW_URL`, `TEAL_SUBJECT` and `TEAL_TEXT` are set, empty where there is
/// no value.
package struct NoticeCommand: Hashable, Sendable {
    /// A name that is looked up in PATH, or an absolute path.
    package let executable: String
    /// They may hold values of the environment.
    private let arguments: Secret<[String]>

    package init(_ words: [String]) throws(NoticesError) {
        guard let first = words.first, !first.isEmpty else { throw .emptyCommand }
        executable = first
        arguments = Secret(Array(words.dropFirst()))
    }

    package var name: String {
        "the command \(executable.split(separator: "/").last.map(String.init) ?? executable)"
    }

    /// Arguments, and parts of them, that are long enough to be a secret: of a header
    /// `Authorization: Bearer TOKEN` a program may repeat the token alone. Options,
    /// `--topic-arn`, are none.
    var redaction: Redaction {
        let values = arguments.value.flatMap { word -> [String] in
            guard word.hasPrefix("-") else { return [word] }
            return word.split(separator: "=", maxSplits: 1).dropFirst().map(String.init)
        }
        let parts = values.flatMap { value in
            value.split { $0.isWhitespace || "/?&=:@#,;'\"".contains($0) }.map(String.init)
        }
        return Redaction(of: (values + parts).filter { $0.utf8.count >= 8 })
    }

    func command(for words: PrintableNotice, timeLimit: Duration) -> Command {
        let values = [("{text}", words.text), ("{subject}", words.subject)]
        var command = Command(
            executable, arguments.value.map { Self.filled($0, values) },
            environment: environment(words), timeLimit: timeLimit, outputLimit: .kibibytes(16))
        command.standardInput = words.text + "\n"
        command.orphan = .left
        return command
    }

    private func environment(_ words: PrintableNotice) -> [String: String] {
        let notice = words.notice
        return [
            "TEAL_EVENT": notice.event.rawValue, "TEAL_APP": words.app, "TEAL_HOST": words.host,
            "TEAL_AT": notice.at.rfc3339, "TEAL_COLOUR": notice.colour?.rawValue ?? "",
            "TEAL_RELEASE": notice.release?.text ?? "", "TEAL_LABEL": words.label ?? "",
            "TEAL_PREVIOUS_RELEASE": notice.previousRelease?.text ?? "",
            "TEAL_REASON": words.reason ?? "", "TEAL_NEXT": words.next ?? "",
            "TEAL_OTHERWISE": words.otherwise ?? "", "TEAL_UNTIL": notice.until?.rfc3339 ?? "",
            "TEAL_PREVIEW_URL": words.preview ?? "", "TEAL_ABOUT": words.about ?? "",
            "TEAL_SUBJECT": words.subject,
            "TEAL_TEXT": words.text,
        ]
    }

    /// In one pass, so that nothing in a value is taken for a placeholder.
    private static func filled(_ word: String, _ values: [(mark: String, value: String)]) -> String
    {
        var result = ""
        var rest = word[...]
        while let first = rest.first {
            if let found = values.first(where: { rest.hasPrefix($0.mark) }) {
                result += found.value
                rest = rest.dropFirst(found.mark.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
