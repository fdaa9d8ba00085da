import BlueGreen
import HostSystem

/// An event of a watch as people read it.
struct WatchEventText {
    private let event: WatchEvent

    init(_ event: WatchEvent) {
        self.event = event
    }

    /// `unhealthy: green web-1 gave no answer within 2 s`
    var line: String { SafeLine.own("\(word): \(sentence)") }

    /// Where a notice has named the patient already, in whole sentences.
    var why: String? {
        guard !event.reason.isEmpty else { return nil }
        let text = event.kind.hasOwnSentence ? event.reason : sentence
        return text.hasSuffix(".") ? text : text + "."
    }

    var sentence: String {
        event.kind.hasOwnSentence
            ? "\(event.subject): \(event.reason)" : "\(event.subject) \(event.reason)"
    }

    private var word: String { event.kind.rawValue.replacing("_", with: " ") }
}

extension WatchEvent.Kind {
    /// Whether its reason is more than a predicate to its subject.
    fileprivate var hasOwnSentence: Bool {
        switch self {
        case .restarted, .restartFailed, .rolledBack, .rollbackFailed, .circuitOpen, .hostIll,
            .edgeBroken, .deploymentCutOff:
            true
        case .unhealthy, .recovered, .stopped, .circuitClosed, .hostWell, .edgeWell, .asked,
            .maintenanceBegan, .maintenanceEnded:
            false
        }
    }
}
