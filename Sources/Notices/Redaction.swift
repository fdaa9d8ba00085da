import HostSystem

/// Takes secrets out of a text that somebody else wrote, a server's answer or a program's last
/// words, before it is shown.
struct Redaction: Hashable, Sendable {
    private let secrets: Secret<[String]>

    init(of secrets: [String]) {
        // The longest first, so that no rest of it stays when a part of it is one too.
        self.secrets = Secret(
            Set(secrets).filter { !$0.isEmpty }.sorted {
                ($0.utf8.count, $0) > ($1.utf8.count, $1)
            })
    }

    /// One line, printable, at most 200 bytes.
    func applied(to text: String) -> String {
        var result = text
        for secret in secrets.value {
            result = result.replacing(secret, with: "[hidden]")
        }
        let words = result.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return PrintableText(words).cut(toBytes: 200)
    }
}
