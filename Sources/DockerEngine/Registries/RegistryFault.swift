import BlueGreen

/// Why a registry could not be used. An engine tells it by words alone, its own or the registry's.
package enum RegistryFault: Hashable, Sendable {
    case unreachable(String)
    /// The engine speaks TLS, and the registry does not.
    case plain(String)
    /// The certificate is not one that the engine trusts.
    case untrusted(String)
    /// The registry wants other credentials, or any.
    case refused(String)
    /// It makes no repository by itself.
    case noRepository(String)
    /// An error inside the registry, as of a full disk.
    case broken(String)
    /// Nothing was heard for so long.
    case silent(Duration)
    case other(String)

    /// - Parameter text: of the engine.
    package init(text: String) {
        let folded = text.lowercased()
        let kind = Self.marks.first { entry in entry.marks.contains { folded.contains($0) } }
        self = kind?.fault(text) ?? .other(text)
    }

    /// The first that fits counts: what a proxy says about a denial may have more words.
    private static let marks: [(marks: [String], fault: @Sendable (String) -> Self)] = [
        (["server gave http response to https client"], { .plain($0) }),
        (["x509:", "tls: "], { .untrusted($0) }),
        (["name unknown", "name_unknown", "not known to registry"], { .noRepository($0) }),
        (
            ["unauthorized", "denied", "no basic auth credentials", "forbidden", "authentication"],
            { .refused($0) }
        ),
        (
            [
                "no space left", "unexpected http status: 5", "unknown: unknown error",
                "internal server error", "insufficient storage",
            ], { .broken($0) }
        ),
        (
            [
                "connection refused", "no such host", "no route to host", "network is unreachable",
                "i/o timeout", "timeout exceeded", "deadline exceeded", "connection reset",
                "server misbehaving", "eof",
            ], { .unreachable($0) }
        ),
    ]

    /// The end of a sentence.
    package var cause: String {
        let words =
            switch self {
            case .unreachable(let text): "the registry is not reached: \(text)"
            case .plain(let text): "the registry has no TLS: \(text)"
            case .untrusted(let text): "the registry's certificate is not trusted: \(text)"
            case .refused(let text): "the registry refuses it: \(text)"
            case .noRepository(let text): "the registry has no such repository: \(text)"
            case .broken(let text): "the registry failed: \(text)"
            case .silent(let limit): "nothing was heard of it for \(limit.text)"
            case .other(let text): text
            }
        return words.hasSuffix(".") ? words : words + "."
    }

    /// The line to run or to write.
    ///
    /// - Parameter registry: `registry.example:5000`.
    package func remedy(for registry: String) -> String {
        switch self {
        case .unreachable, .silent:
            "Look whether it runs and whether this host reaches it: `curl -i "
                + "https://\(registry)/v2/`."
        case .plain:
            "Give it a certificate, or say on every node that it has none: "
                + "`\"insecure-registries\": [\"\(registry)\"]` in /etc/docker/daemon.json, then "
                + "`systemctl reload docker`."
        case .untrusted:
            "Put its authority's certificate to /etc/docker/certs.d/\(registry)/ca.crt on every "
                + "node."
        case .refused:
            "Log in as the user that runs Teal, with an account that may write there: `docker "
                + "login \(registry)`."
        case .noRepository: "Make the repository there, or name another one in `registry:`."
        case .broken: "Its own log has the reason; look for a full disk first (`df -h` there)."
        case .other: "Try it by hand: `docker push` of any image to \(registry)."
        }
    }
}
