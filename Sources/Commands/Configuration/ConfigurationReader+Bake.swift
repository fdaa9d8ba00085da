import BlueGreen

extension ConfigurationReader {
    static let bakeKeys = Keys(known: ["for", "errors", "latency", "requests"])

    /// Nobody watches longer, and what nginx writes down meanwhile stays small.
    private static let longestBake = Duration.seconds(3600)

    /// A candidate is watched unless `for: 0s` says otherwise.
    mutating func bake(_ field: Field?) -> Bake {
        let defaults = Bake()
        let example = "bake: {for: 60s, errors: 5%, latency: 3x, requests: 20}"
        guard let field, let entries = entries(of: field, Self.bakeKeys, example: example) else {
            return defaults
        }
        let length = duration(entries["for"], atMost: Self.longestBake, example: "for: 60s")
        let errors = share(entries["errors"], example: "errors: 5%")
        let latency = factor(entries["latency"], example: "latency: 3x")
        let requests = integer(
            entries["requests"], in: 1...1_000_000, "a number", example: "requests: 20")
        let bounds = BreachBounds(
            errors: errors ?? defaults.bounds.errors,
            latency: latency ?? defaults.bounds.latency,
            requests: requests ?? defaults.bounds.requests)
        return Bake(duration: length ?? defaults.duration, bounds: bounds)
    }
}
