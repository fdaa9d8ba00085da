import HostSystem
import Yams

/// The entry of a service as an error shows it, of the project where its compose file can be read.
enum ExampleService {
    /// Where nothing is known of the project.
    static let usual = "web: {port: 8080}"

    /// The first service that publishes a port, else the first of all.
    static func entry(in folder: String) -> String {
        guard let path = UsualComposeFiles.first(in: folder),
            // Compose tells about a file that is no YAML; this is an example only.
            let root = try? YAMLText.compose(FileSystem().readText(path)),
            let services = root["services"]?.mapping
        else { return usual }
        let named = services.compactMap { key, value in key.string.map { ($0, port(of: value)) } }
        guard let first = named.first(where: { $0.1 != nil }) ?? named.first,
            StrictGrammar.exposedName.accepts(first.0)
        else { return usual }
        return "\(first.0): {port: \(first.1 ?? 8080)}"
    }

    /// The container's part of `127.0.0.1:8080:80/tcp`; nil where none is published.
    private static func port(of service: Node) -> Int? {
        guard let first = service["ports"]?.sequence?.first else { return nil }
        let text = first.scalar?.string ?? first["target"]?.scalar?.string ?? ""
        let last = text.split(separator: ":").last ?? ""
        return Int(last.prefix { $0.isASCII && $0.isNumber })
    }
}
