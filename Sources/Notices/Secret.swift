import HostSystem

/// A value that no description, dump or mirror shows, also not that of a type that holds it.
package struct Secret<Value: Hashable & Sendable>: Hashable, Sendable {
    /// To be read only where it is sent or compared.
    let value: Value

    package init(_ value: Value) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[hidden]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

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
