/// What one service of a set needs of the host's memory.
package struct RoomNeed: Hashable, Sendable {
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
    /// How many containers of it are started.
    package let replicas: Int
    package let each: ByteCount
    package let source: Source
    /// Gives its memory back before the next one is started.
    package let isOneShot: Bool

    package init(
        service: String, replicas: Int, each: ByteCount, source: Source, isOneShot: Bool = false
    ) {
        self.service = service
        self.replicas = replicas
        self.each = each
        self.source = source
        self.isOneShot = isOneShot
    }

    /// - Parameters:
    ///   - missing: how many of its containers do not run yet; nil for all of them.
    ///   - seen: the most that a release of the service was seen to use, per container.
    package init(_ service: PlannedService, missing: Int? = nil, seen: ByteCount?) {
        self.init(
            service: service.name, replicas: missing ?? Swift.max(service.replicas, 1),
            each: service.memory ?? seen ?? Self.assumption,
            source: service.memory != nil ? .declared : seen != nil ? .seen : .assumed,
            isOneShot: service.isOneShot)
    }

    package var total: ByteCount { each * replicas }
}
