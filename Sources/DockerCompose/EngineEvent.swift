import BlueGreen

/// Something that happened to a container, as the engine remembers it.
struct EngineEvent: Hashable, Decodable, Sendable {
    /// `die` where its first process ended, `oom` where the kernel killed any of its processes for
    /// want of memory.
    let action: String
    let actor: Actor
    /// Of the engine's clock.
    let nanoseconds: Int64

    struct Actor: Hashable, Decodable, Sendable {
        let id: String
        /// The container's labels, and what belongs to the event: `exitCode`.
        let attributes: [String: String]

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    enum CodingKeys: String, CodingKey {
        case action = "Action"
        case actor = "Actor"
        case nanoseconds = "timeNano"
    }

    var at: Timestamp { Timestamp(milliseconds: nanoseconds / 1_000_000) }
}
