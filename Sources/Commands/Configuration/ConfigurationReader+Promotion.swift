import BlueGreen

extension ConfigurationReader {
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
