/// When the engine starts a container again by itself.
struct RestartPolicy: Hashable, Decodable, Sendable {
    /// `no`, `always`, `unless-stopped`, `on-failure`; an engine may leave it empty for `no`.
    let name: String
    let attempts: Int

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case attempts = "MaximumRetryCount"
    }

    /// - Parameter text: as a compose file has it, `on-failure:3`.
    init(composeText text: String) {
        let parts = text.split(separator: ":")
        name = parts.first.map(String.init) ?? "no"
        attempts = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .name)
        self.name = name.isEmpty ? "no" : name
        attempts = try container.decodeIfPresent(Int.self, forKey: .attempts) ?? 0
    }

    var json: JSONValue {
        ["Name": .string(name), "MaximumRetryCount": .integer(Int64(attempts))]
    }
}
