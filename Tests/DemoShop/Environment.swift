#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where settings are looked up by name; an empty value counts as none, because Compose hands on
/// `${NAME:-}` as an empty string.
struct Environment: Sendable {
    private let lookUp: @Sendable (String) -> String?

    static let process = Environment { name in
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }

    init(lookUp: @escaping @Sendable (String) -> String?) {
        self.lookUp = lookUp
    }

    subscript(name: String) -> String? {
        guard let value = lookUp(name), !value.isEmpty else { return nil }
        return value
    }
}
