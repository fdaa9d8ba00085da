/// An image's name taken apart: `registry:5000/shop/web:2`, `shop/web@sha256:...`.
package struct ImageName: Hashable, Sendable {
    /// As Docker shows it, without what stands for Docker's own registry.
    package let repository: String
    /// `latest` where the name says neither tag nor digest; nil beside a digest.
    package let tag: String?
    /// `registry:5000`, or `docker.io`.
    package let registry: String

    package init(_ name: String) {
        let parts = name.split(separator: "@", maxSplits: 1)
        var rest = parts.first.map(String.init) ?? name
        var tag: String?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            tag = String(rest[rest.index(after: colon)...])
            rest = String(rest[..<colon])
        }
        let first = rest.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
        let isHost = first.contains(".") || first.contains(":") || first == "localhost"
        registry = isHost && rest.contains("/") ? first : "docker.io"
        for prefix in ["docker.io/", "library/"] where rest.hasPrefix(prefix) {
            rest = String(rest.dropFirst(prefix.count))
        }
        repository = rest
        self.tag = parts.count > 1 ? nil : tag ?? "latest"
    }
}
