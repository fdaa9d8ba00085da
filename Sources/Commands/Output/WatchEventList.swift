import BlueGreen

/// The events and acts of a watch, as a person reads it below the deployments.
struct WatchEventList {
    let text: String

    init(_ events: [WatchEvent], details: HistoryTable.Details) {
        guard !events.isEmpty else {
            text = ""
            return
        }
        let lines = events.flatMap { event in
            let head = "  \(event.at.rfc3339)  \(WatchEventText(event).line)"
            switch details {
            case .hidden: return [head]
            case .shown: return [head] + event.probes.map { SafeLine.own("      \($0)") }
            }
        }
        text = "\nThe watch:\n" + lines.map { $0 + "\n" }.joined()
    }
}
