import BlueGreen

extension ConfigurationReader {
    static let startSection = Section<DeploymentSettings>(
        "start", showing: ["pause", "at_most"], examples: .inSection,
        [
            Key("pause", "3s", \.startPause, .duration()),
            Key("at_most", "60s", \.startAtMost, .duration()),
            Key(settleSection, \.settle),
        ])

    private static let settleSection = Section<SettleBounds>(
        "settle", showing: ["memory_free", "cpu_pressure"],
        [
            Key("memory_free", "64M", \.memoryFree, .size()),
            Key("cpu_pressure", "60%", \.processorPressure, .share),
            Key("memory_pressure", "10%", \.memoryPressure, .share),
            Key("steal", "50%", \.steal, .share),
            Key("disk_wait", "60%", \.diskWait, .share),
            Key("swap_in", "4M", \.swapIn, .size()),
        ])

    static let keepSection = Section<DeploymentSettings>(
        "keep", showing: ["previous", "releases"], examples: .inSection,
        [
            Key("previous", "running", \.previous, .word),
            Key("releases", "5", \.releases, .integer(2...1000)),
        ])

    /// A bake takes at most an hour, so that the log of requests that nginx writes stays small.
    static let bakeSection = Section<Bake>(
        "bake", showing: ["for", "errors", "latency", "requests"],
        [
            Key("for", "60s", \.duration, .duration(atMost: .seconds(3600))),
            Key("errors", "5%", \.bounds.errors, .share),
            Key("latency", "3x", \.bounds.latency, .factor),
            Key("requests", "20", \.bounds.requests, .integer(1...1_000_000)),
        ])

    // MARK: Promotion

    private enum PromotionWord: String, CaseIterable {
        case auto
        case manual
    }

    /// How long a person has where `promote_within` does not say.
    static let usualPromoteWithin = Duration.seconds(3600)

    mutating func promotion(_ entries: [String: Field]) -> Promotion {
        let word = word(entries["promote"], as: PromotionWord.self, example: "promote: manual")
        let within = duration(
            entries["promote_within"], atLeast: .seconds(1), example: "promote_within: 1h")
        switch word {
        case .manual:
            return .manual(within: within ?? Self.usualPromoteWithin)
        case .auto:
            refuseWithin(entries)
        case nil where entries["promote"] == nil:
            refuseWithin(entries)
        case nil:
            break
        }
        return .auto
    }

    private mutating func refuseWithin(_ entries: [String: Field]) {
        guard let field = entries["promote_within"] else { return }
        note(
            "promote_within has no meaning without `promote: manual`: add that, or remove this",
            at: field)
    }
}
