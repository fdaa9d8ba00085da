/// The settings of one service in `teal.yml`; nil means that it does not say.
package struct ServiceSettings: Hashable, Codable, Sendable {
    package var role: ServiceRole?
    package var port: Int?
    package var healthCheck: HealthCheck?
    package var replicas: Int?
    package var volumes: VolumeUse
    /// Ports that the compose file publishes and this app does not, by their numbers on the host
    /// or in the container.
    package var unpublished: [ClosedRange<Int>]
    /// Whether any port is published at all, `publish: none`.
    package var publish: Publishing
    /// How long a container may take to end after SIGTERM; else the compose file's
    /// `stop_grace_period`, else 10 s.
    package var stopGrace: Duration?
    /// The memory that one container of it takes, for the room check; else its memory limit.
    package var memory: ByteCount?
    /// The watch's part in it; nil is `notify` for a shared service, else `restart`.
    package var watch: ServiceWatch?

    package init(
        role: ServiceRole? = nil, port: Int? = nil, healthCheck: HealthCheck? = nil,
        replicas: Int? = nil, volumes: VolumeUse = .exclusive,
        unpublished: [ClosedRange<Int>] = [], publish: Publishing = .asComposed,
        stopGrace: Duration? = nil, memory: ByteCount? = nil, watch: ServiceWatch? = nil
    ) {
        self.role = role
        self.port = port
        self.healthCheck = healthCheck
        self.replicas = replicas
        self.volumes = volumes
        self.unpublished = unpublished
        self.publish = publish
        self.stopGrace = stopGrace
        self.memory = memory
        self.watch = watch
    }
}

extension ServiceSettings {
    /// The user's word about the volumes of a coloured service; `exclusive` is nothing.
    package struct VolumeUse: OptionSet, Hashable, Codable, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Refused: two writers would destroy what they write.
        package static let exclusive: VolumeUse = []
        /// Two colours may write to its volumes at the same time.
        package static let shared = VolumeUse(rawValue: 1)
        /// Each container may begin with empty volumes that have no name, and lose them.
        package static let fresh = VolumeUse(rawValue: 2)

        /// As in `teal.yml`, in order.
        package static let words = [("exclusive", exclusive), ("shared", shared), ("fresh", fresh)]

        /// `shared`, or `[shared, fresh]`.
        package var text: String {
            let words = Self.words.filter { !$0.1.isEmpty && contains($0.1) }.map(\.0)
            switch words.count {
            case 0: return "exclusive"
            case 1: return words[0]
            default: return "[\(words.joined(separator: ", "))]"
            }
        }
    }

    /// The fate of the ports that the compose file publishes.
    package enum Publishing: String, CaseIterable, Hashable, Codable, Sendable {
        /// A shared service publishes them; of a coloured one all but its own port are refused.
        case asComposed = "compose"
        case none
    }
}

/// Stored as its words, `["shared"]`.
extension ServiceSettings.VolumeUse {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let words = try container.decode([String].self)
        self = []
        for word in words {
            guard let use = Self.words.first(where: { $0.0 == word })?.1 else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "\(word) is no use of volumes")
            }
            formUnion(use)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Self.words.filter { !$0.1.isEmpty && contains($0.1) }.map(\.0))
    }
}
