import Glibc

/// The files in which a step of a GitHub Actions job leaves its summary and its outputs.
///
/// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
struct ActionsFiles: Hashable, Sendable {
    private let summary: String?
    private let output: String?

    init?(environment: [String: String]) {
        guard environment["GITHUB_ACTIONS"] == "true" else { return nil }
        func file(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        summary = file("GITHUB_STEP_SUMMARY")
        output = file("GITHUB_OUTPUT")
    }

    /// - Parameters:
    ///   - lines: the last lines of the run; none has a line break.
    ///   - outputs: words without line breaks, by name.
    /// - Returns: a sentence for each file that could not be written.
    func append(summary lines: [String], of app: String, outputs: [String: String]) -> [String] {
        let pairs = outputs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
        return [
            append(Self.markdown(lines, of: app), to: summary, named: "GITHUB_STEP_SUMMARY"),
            append(pairs, to: output, named: "GITHUB_OUTPUT"),
        ].compactMap(\.self)
    }

    /// Indented lines are code, and nothing in them is markup; a fence could be ended by a line.
    static func markdown(_ lines: [String], of app: String) -> String {
        "### Teal: \(app)\n\n" + lines.map { "    \($0)\n" }.joined() + "\n"
    }

    private func append(_ text: String, to path: String?, named name: String) -> String? {
        guard let path else { return nil }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { return complaint(name, path) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return complaint(name, path) }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    private func complaint(_ name: String, _ path: String) -> String {
        "\(name) could not be written, \(path): \(String(cString: strerror(errno)))."
    }
}
