/// Whether a set fits into what the host has left, and the figures of it.
package struct RoomReport: Hashable, Sendable {
    /// What is started, in start order. What runs already is not in it, nor are singletons that
    /// take the place of a running one.
    package let needs: [RoomNeed]
    package let memoryAvailable: ByteCount
    package let swapFree: ByteCount
    /// Held by containers of the candidate's colour that go before anything is started.
    package let freed: ByteCount
    /// Held by the colour that has traffic, but for singletons that are handed over.
    package let heldByPrevious: ByteCount
    /// What must stay free for the host to be within its bounds.
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
