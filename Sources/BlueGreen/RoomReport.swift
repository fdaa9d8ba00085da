/// Whether a set fits into what the host has left, and the figures of it.
package struct RoomReport: Hashable, Sendable {
    /// Of all that is started, in start order. Running containers need nothing. Singletons that take
    /// the place of a running one need only what they take more while they start.
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

    /// The most that the set holds at once while it starts.
    package var needed: ByteCount { Self.most(of: needs) }

    /// One-shots give theirs back. Services start one by one, so that of all that is taken for a
    /// start alone only the greatest counts.
    private static func most(of needs: [RoomNeed]) -> ByteCount {
        var held = ByteCount.zero
        var most = ByteCount.zero
        for need in needs {
            most = max(most, held + need.total)
            if !need.isOneShot { held = held + need.total }
        }
        return max(most, held + (needs.map(\.atStart).max() ?? .zero))
    }

    package var have: ByteCount { memoryAvailable + swapFree + freed - reserve }

    package var fits: Bool { needed <= have }

    /// Whether it would fit once the colour that has traffic is stopped.
    package var fitsAlone: Bool { needed <= have + heldByPrevious }

    /// Whether it is an assumption alone that keeps it from fitting: all that is known of it fits.
    package var failsByAssumption: Bool {
        !fits && Self.most(of: needs.filter { $0.source != .assumed }) <= have
    }
}

extension RoomReport {
    /// `needs 812 MB of 1204 MB`.
    package var summary: String {
        "needs \(needed.wholeMebibytes) MB of \(max(.zero, have).wholeMebibytes) MB"
    }

    /// Have and need in MB, a line per service. The column of starts is there where one takes more.
    package var table: String {
        let start = needs.filter { $0.atStart > .zero }.max { $0.atStart < $1.atStart }
        func row(_ cells: [String], _ atStart: String, _ source: String) -> [String] {
            cells + (start == nil ? [] : [atStart]) + [source]
        }
        let head = row(["service", "containers", "each", "MB"], "start", "known from")
        let rows = needs.map { need in
            row(
                [
                    need.service, "\(need.replicas)", "\(need.each.wholeMebibytes)",
                    "\(need.total.wholeMebibytes)",
                ], need.atStart > .zero ? "+\(need.atStart.wholeMebibytes)" : "", need.source.words)
        }
        let figures: Set = start == nil ? [1, 2, 3] : [1, 2, 3, 4]
        let lines = TextTable([head] + rows, figures: figures, indent: 2).lines
        let notes = [start.map(Self.words(ofStart:)), assumption, sources].compactMap(\.self)
        return (lines + notes.map { "  \($0)" }).joined(separator: "\n")
    }

    private static func words(ofStart need: RoomNeed) -> String {
        "services start one by one: the start of \(need.service) counts, "
            + "\(need.atStart.wholeMebibytes) MB more"
    }

    private var assumption: String? {
        guard failsByAssumption else { return nil }
        let names = needs.filter { $0.source == .assumed }.map(\.service)
        return "without what is assumed it fits: say what "
            + (names.count > 3 ? "these services take" : names.joined(separator: ", "))
            + (names.count > 3 ? "" : names.count == 1 ? " takes" : " take")
            + " (`memory:` in teal.yml)"
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
