/// Whether a set fits into what the host has left, and the figures of it.
package struct RoomReport: Hashable, Sendable {
    /// Of all that is started, in start order. Running containers need nothing, nor do singletons
    /// that take the place of a running one.
    package let needs: [RoomNeed]
    package let memoryAvailable: ByteCount
    package let swapFree: ByteCount
    /// Held by containers of the candidate's colour that go before anything is started.
    package let freed: ByteCount
    /// Held by the colour that has traffic, but for singletons that are handed over.
    package let heldByPrevious: ByteCount
    /// The memory that must stay free for the host to be within its bounds.
    package let reserve: ByteCount

    package init(
        needs: [RoomNeed], memoryAvailable: ByteCount, swapFree: ByteCount = .zero,
        freed: ByteCount = .zero, heldByPrevious: ByteCount = .zero, reserve: ByteCount = .zero
    ) {
        self.needs = needs
        self.memoryAvailable = memoryAvailable
        self.swapFree = swapFree
        self.freed = freed
        self.heldByPrevious = heldByPrevious
        self.reserve = reserve
    }

    /// The most that the set holds at once while it starts: one-shots give theirs back.
    package var needed: ByteCount {
        var held = ByteCount.zero
        var most = ByteCount.zero
        for need in needs {
            most = max(most, held + need.total)
            if !need.isOneShot { held = held + need.total }
        }
        return most
    }

    package var have: ByteCount { memoryAvailable + swapFree + freed - reserve }

    package var fits: Bool { needed <= have }

    /// Whether it would fit once the colour that has traffic is stopped.
    package var fitsAlone: Bool { needed <= have + heldByPrevious }
}

extension RoomReport {
    /// `needs 812 MB of 1204 MB`.
    package var summary: String {
        "needs \(needed.wholeMebibytes) MB of \(max(.zero, have).wholeMebibytes) MB"
    }

    /// Have and need in MB, a line per service.
    package var table: String {
        let head = ["service", "containers", "each", "MB", "known from"]
        let rows = needs.map { need in
            [
                need.service, "\(need.replicas)", "\(need.each.wholeMebibytes)",
                "\(need.total.wholeMebibytes)", need.source.words,
            ]
        }
        let lines = TextTable([head] + rows, figures: [1, 2, 3], indent: 2).lines
        return (lines + ["  \(sources)"]).joined(separator: "\n")
    }

    private var sources: String {
        var parts = ["memory available \(memoryAvailable.wholeMebibytes) MB"]
        if swapFree > .zero { parts.append("swap free \(swapFree.wholeMebibytes) MB") }
        if freed > .zero {
            parts.append("freed by the set that goes \(freed.wholeMebibytes) MB")
        }
        if reserve > .zero { parts.append("kept free \(reserve.wholeMebibytes) MB") }
        return parts.joined(separator: ", ")
    }
}

extension RoomNeed.Source {
    package var words: String {
        switch self {
        case .declared: "its memory limit"
        case .seen: "an earlier release"
        case .assumed: "nothing: assumed"
        }
    }
}

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
