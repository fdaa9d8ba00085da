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

    /// What Compose warned of, each once, in its own words: the `msg` of its log's lines.
    var warnings: [String] {
        let texts = standardError.split(separator: "\n").compactMap { line -> String? in
            guard line.contains("level=warning"), let start = line.firstRange(of: "msg=\"")
            else { return nil }
            let text = line[start.upperBound...].before(last: "\"")
                .replacing("\\\"", with: "\"")
            return PrintableText(text).text.trimmed
        }
        return texts.reduce(into: []) { told, text in
            if !text.isEmpty, !told.contains(text) { told.append(text) }
        }
    }
}

extension Substring {
    fileprivate func before(last mark: Character) -> String {
        let end = lastIndex(of: mark) ?? endIndex
        return String(self[..<end])
    }
}
