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
