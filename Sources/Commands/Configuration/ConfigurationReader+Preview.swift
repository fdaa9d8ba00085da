import BlueGreen

extension ConfigurationReader {
    static let previewKeys = Keys(known: ["listen", "service"])
    static let maintenanceKeys = Keys(known: ["page"])

    private static let previewExample = "preview: {listen: 127.0.0.1:8089}"

    /// - Parameters:
    ///   - services: nil where they could not be read.
    ///   - status: the status server's address; nil for the usual one.
    mutating func preview(
        _ field: Field?, _ services: [String: ServiceSettings]?, status: String?
    ) -> PreviewSettings? {
        guard let field,
            let entries = entries(of: field, Self.previewKeys, example: Self.previewExample)
        else { return nil }
        let address = listenAddress(entries["listen"], in: field, status: status)
        let exposed = services?.filter { $0.value.role == .exposed }.keys.sorted()
        let service = previewService(entries["service"], in: field, exposed)
        guard let address, let service else { return nil }
        return PreviewSettings(address: address, service: service)
    }

    private mutating func listenAddress(
        _ field: Field?, in preview: Field, status: String?
    ) -> String? {
        let what = "an IPv4 address of this host or of a private network, with a port"
        let example = "listen: 127.0.0.1:8089"
        guard let field else {
            note(
                "\(preview.path) must say where it listens, as in `\(Self.previewExample)`",
                at: preview)
            return nil
        }
        guard let text = text(of: field, what, example: example) else { return nil }
        guard let address = PrivateAddress(text) else {
            expected(what, example: example, at: field)
            return nil
        }
        if address.text == status ?? Wiring.usualStatusAddress {
            note(
                "\(field.path) is the address of Teal's status server (nginx.status): "
                    + "choose another port", at: field)
        }
        return address.text
    }

    private mutating func previewService(
        _ field: Field?, in preview: Field, _ exposed: [String]?
    ) -> String? {
        guard let field else {
            guard let exposed else { return nil }
            if exposed.count > 1 {
                note(
                    "\(preview.path) must say which service it shows, one of "
                        + "\(exposed.joined(separator: ", ")), as in `service: \(exposed[0])`",
                    at: preview)
            }
            return exposed.first
        }
        let name = strictText(field, .exposedName, example: "service: web")
        guard let name, let exposed, !exposed.contains(name) else { return name }
        let advice =
            exposed.nearest(to: name).map { ", did you mean \"\($0)\"?" }
            ?? "; exposed are \(exposed.joined(separator: ", "))"
        note("\(field.path) names no service with a port\(advice)", at: field)
        return nil
    }

    /// The path of the page that visitors get meanwhile, as written.
    mutating func maintenancePage(_ field: Field?) -> String? {
        let example = "maintenance: {page: maintenance.html}"
        guard let field, let entries = entries(of: field, Self.maintenanceKeys, example: example)
        else { return nil }
        return path(entries["page"], example: "page: maintenance.html")
    }
}
