import BlueGreen
import FoundationEssentials

/// What a generic webhook gets as its body. Keys are in snake case; moments are RFC 3339 in UTC,
/// durations whole milliseconds; a key without a value is left out. Keys are only ever added.
struct NoticeDocument: Encodable {
    private let formatVersion = 1
    private let event: String
    private let app: String
    private let host: String
    private let at: String
    /// `deploy`, `warm_rollback`, `cold_rollback`.
    private let kind: String?
    private let colour: String?
    private let release: String?
    private let label: String?
    private let previousRelease: String?
    private let reason: String?
    /// A command line.
    private let next: String?
    /// A command line.
    private let otherwise: String?
    private let until: String?
    private let previewUrl: String?
    private let durationMilliseconds: Int64?
    private let subject: String
    private let text: String

    init(_ words: NoticeWords) {
        let notice = words.notice
        event = notice.event.rawValue
        app = words.app
        host = words.host
        at = notice.at.rfc3339
        kind = notice.kind.map(Self.word)
        colour = notice.colour?.rawValue
        release = notice.release?.text
        label = words.label
        previousRelease = notice.previousRelease?.text
        reason = words.reason
        next = words.next
        otherwise = words.otherwise
        until = notice.until?.rfc3339
        previewUrl = words.preview
        durationMilliseconds = notice.took?.wholeMilliseconds
        subject = words.subject
        text = words.text
    }

    /// As in the documents of `--json`.
    private static func word(_ kind: DeploymentKind) -> String {
        switch kind {
        case .deploy: "deploy"
        case .warmRollback: "warm_rollback"
        case .coldRollback: "cold_rollback"
        }
    }
}
