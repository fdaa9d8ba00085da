/// The need of one service of a set for the host's memory.
package struct RoomNeed: Hashable, Sendable {
    /// The origin of the figure.
    package enum Source: String, Hashable, Sendable {
        /// Its memory limit, or what `teal.yml` says of it.
        case declared
        /// The most that a release of it was seen to use.
        case seen
        /// Nothing is known of it.
        case assumed
    }

    /// For a service of which nothing is known.
    package static let assumption = ByteCount.mebibytes(128)

    package let service: String
    /// How many containers of it are started; none where the one that is started takes the place of
    /// a running one.
    package let replicas: Int
    package let each: ByteCount
    /// How much more one container takes while it starts.
    package let atStart: ByteCount
    package let source: Source
    /// Gives its memory back before the next one is started.
    package let isOneShot: Bool

    package init(
        service: String, replicas: Int, each: ByteCount, atStart: ByteCount = .zero,
        source: Source, isOneShot: Bool = false
    ) {
        self.service = service
        self.replicas = replicas
        self.each = each
        self.atStart = atStart
        self.source = source
        self.isOneShot = isOneShot
    }

    /// - Parameters:
    ///   - missing: how many of its containers do not run yet; nil for all of them.
    ///   - seen: the most that a release of the service was seen to use, per container.
    package init(_ service: PlannedService, missing: Int? = nil, seen: MemoryUse?) {
        let known = seen.map { service.isOneShot ? $0.most : $0.atRest }
        let each = service.memory ?? known ?? Self.assumption
        self.init(
            service: service.name, replicas: missing ?? Swift.max(service.replicas, 1),
            each: each, atStart: max(.zero, (seen?.most ?? .zero) - each),
            source: service.memory != nil ? .declared : seen != nil ? .seen : .assumed,
            isOneShot: service.isOneShot)
    }

    package var total: ByteCount { each * replicas }
}

/// The memory that one container of a service was seen to take.
package struct MemoryUse: Hashable, Sendable {
    /// The most of it once it was up; zero where nobody looked then.
    package var held: ByteCount
    /// The most of it while it started; zero where nobody looked then.
    package var peak: ByteCount

    package init(held: ByteCount = .zero, peak: ByteCount = .zero) {
        self.held = held
        self.peak = peak
    }

    package var most: ByteCount { max(held, peak) }

    var atRest: ByteCount { held > .zero ? held : peak }

    /// The greater figure of each.
    package func merged(with other: MemoryUse) -> MemoryUse {
        MemoryUse(held: max(held, other.held), peak: max(peak, other.peak))
    }
}
