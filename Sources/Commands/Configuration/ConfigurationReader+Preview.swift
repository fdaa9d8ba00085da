import BlueGreen

/// The address at which the colour without the traffic can be looked at.
struct PreviewSettings: Hashable, Sendable {
    /// A numeric address of this host or of a private network, with its port: `127.0.0.1:8089`.
    let address: String
    /// The exposed service that answers there.
    let service: String

    var url: String { "http://\(address)" }
}

extension ConfigurationReader {
    static let previewSection = Section<PreviewEntry>(
        "preview", showing: ["listen"],
        [
            Key(
                "listen", "127.0.0.1:8089", \.address,
                Reading { $0.privateAddress($1, example: $2) }),
            Key("service", "web", \.service, .strict(.exposedName)),
        ])

    struct PreviewEntry {
        fileprivate(set) var address: PrivateAddress?
        fileprivate(set) var service: String?
    }

    /// - Parameter configuration: its services, and where nginx is, were read before.
    mutating func preview(
        _ field: Field, beside configuration: AppConfiguration
    ) -> PreviewSettings? {
        var entry = PreviewEntry()
        guard let entries = read(field, Self.previewSection, into: &entry) else { return nil }
        if entries["listen"] == nil {
            note(
                "\(field.path) must say where it listens, as in `\(Self.previewSection.example)`",
                at: field)
        }
        let status = configuration.nginx.status ?? Wiring.usualStatusAddress
        if let listen = entries["listen"], entry.address?.text == status {
            note(
                "\(listen.path) is the address of Teal's status server (nginx.status): "
                    + "choose another port", at: listen)
        }
        let exposed = configuration.services.filter { $0.value.role == .exposed }.keys.sorted()
        let service = previewService(entry.service, entries["service"], in: field, exposed)
        guard let address = entry.address, let service else { return nil }
        return PreviewSettings(address: address.text, service: service)
    }

    private mutating func privateAddress(_ field: Field, example: String) -> PrivateAddress? {
        value(
            field, "an IPv4 address of this host or of a private network, with a port",
            example: example, PrivateAddress.init)
    }

    private mutating func previewService(
        _ name: String?, _ field: Field?, in preview: Field, _ exposed: [String]
    ) -> String? {
        guard let field else {
            if exposed.count > 1 {
                note(
                    "\(preview.path) must say which service it shows, one of "
                        + "\(exposed.joined(separator: ", ")), as in `service: \(exposed[0])`",
                    at: preview)
            }
            return exposed.first
        }
        guard let name, !exposed.isEmpty, !exposed.contains(name) else { return name }
        let advice =
            exposed.nearest(to: name).map { ", did you mean \"\($0)\"?" }
            ?? "; exposed are \(exposed.joined(separator: ", "))"
        note("\(field.path) names no service with a port\(advice)", at: field)
        return nil
    }
}

/// An IPv4 address that the internet does not reach, with a port: `127.0.0.1:8089`.
struct PrivateAddress: Hashable {
    let text: String
    let port: Int

    /// Takes loopback, the networks of RFC 1918, those that only one link knows (RFC 3927), and
    /// the shared space of RFC 6598, which overlay networks use.
    init?(_ text: String) {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2, let port = Self.number(halves[1], in: 1...65_535) else {
            return nil
        }
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { Self.number($0, in: 0...255) }
        guard parts.count == 4, bytes.count == 4, Self.isPrivate(bytes[0], bytes[1]) else {
            return nil
        }
        self.text = text
        self.port = port
    }

    private static func isPrivate(_ first: Int, _ second: Int) -> Bool {
        switch first {
        case 127, 10: true
        case 172: (16...31).contains(second)
        case 192: second == 168
        case 169: second == 254
        case 100: (64...127).contains(second)
        default: false
        }
    }

    /// Without leading zeros, which some programs read as octal.
    private static func number(_ digits: Substring, in range: ClosedRange<Int>) -> Int? {
        guard (1...5).contains(digits.utf8.count), digits == "0" || digits.first != "0",
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits)
        else { return nil }
        return range.contains(number) ? number : nil
    }
}
