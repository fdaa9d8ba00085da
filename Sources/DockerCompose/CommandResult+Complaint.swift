import BlueGreen
import HostSystem

extension CommandResult {
    /// What a program that failed has to say, on one line, without the warnings that Compose
    /// writes to the same stream.
    var complaint: String { complaint(lines: 8) }

    /// - Parameter count: so many of the last lines.
    func complaint(lines count: Int) -> String {
        let lines = (standardError + "\n" + standardOutput).split(separator: "\n")
            .map { PrintableText(String($0)).text.trimmed }
            .filter { !$0.isEmpty && !$0.contains("level=warning") }
        let text = lines.suffix(count).joined(separator: " / ")
        switch ending {
        case .exited(let code):
            return text.isEmpty ? "it ended with exit code \(code)." : text
        case .signalled(let signal):
            return "it was ended by signal \(signal). \(text)".trimmed
        case .timedOut(let limit):
            return "it did not finish within \(limit.text). \(text)".trimmed
        }
    }
}
