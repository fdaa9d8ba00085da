/// When an image is fetched from its registry.
package enum PullPolicy: String, Hashable, CaseIterable, Sendable {
    /// Where this host has none of the name.
    case missing
    case always
    case never
}

/// When an image with a `build:` section is built.
package enum BuildPolicy: Hashable, Sendable {
    /// Where this host has none of the name, as Compose does it.
    case missing
    case always
}
