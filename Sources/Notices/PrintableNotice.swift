import BlueGreen
import HostSystem

/// A notice in words for people: no control characters, each part of bounded length. All that
/// leaves the host is made of these.
package struct PrintableNotice: Hashable, Sendable {
    let notice: Notice
    let app: String
    let host: String
    let about: String?
    let label: String?
    let reason: String?
    let next: String?
    let otherwise: String?
    let preview: String?

    package init(_ notice: Notice) {
        self.notice = notice
        app = Self.line(notice.app, 100)
        host = Self.line(notice.host, 100)
        about = notice.about.map { Self.line($0, 100) }
        label = notice.label.map { Self.line($0, 100) }
        reason = notice.reason.map { Self.line($0, 600) }
        next = notice.next.map { Self.line($0, 120) }
        otherwise = notice.otherwise.map { Self.line($0, 120) }
        preview = notice.preview.map { Self.line($0, 100) }
    }

    /// One to three lines, at most 1,500 bytes, without a line break at the end: the event, its
    /// reason, the command to run next.
    package var text: String {
        var lines = ["\(place): \(headline)"]
        if let reason { lines.append("Why: \(reason)") }
        if let next {
            let other = otherwise.map { ", or `\($0)`" } ?? ""
            lines.append("Next: run `\(next)`\(other).")
        }
        return lines.joined(separator: "\n")
    }

    /// One line of printable ASCII, at most 99 characters, as Amazon SNS takes the subject of an
    /// e-mail. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    package var subject: String {
        let thing = about.map { " \($0)\(notice.release == nil ? "" : ",")" } ?? ""
        let release = thing + (notice.release.map { " release \(named($0))" } ?? "")
        let line = PrintableText("\(place): \(brief)\(release)").text
        let ascii = line.unicodeScalars.map { $0.isASCII ? Character($0) : "?" }
        return PrintableText(String(ascii)).cut(toBytes: 99)
    }

    private var place: String { "\(app) on \(host)" }

    private var brief: String {
        switch notice.event {
        case .promoted: isRollback ? "went back to" : "promoted"
        case .aborted: "aborted"
        case .rolledBack: "rolled back"
        case .waiting: "waits for promotion of"
        case .unhealthy: "unhealthy"
        case .recovered: "healthy again"
        case .restarted: "restarted"
        case .circuitOpen: "not restarted any more, act now,"
        case .unknown where notice.course == .impaired: "not all of it runs, act now,"
        case .unknown: "traffic unknown, act now,"
        case .maintenanceOn: "maintenance on"
        case .maintenanceOff: "maintenance off"
        }
    }

    private var headline: String {
        let colour = notice.colour.map { " in \($0)" } ?? ""
        let took = notice.took.map { " after \($0.text)" } ?? ""
        switch notice.event {
        case .promoted:
            let act = isRollback ? "rolled back to \(release)" : "\(release) was promoted"
            return "\(act)\(took)" + (notice.colour.map { "; it runs in \($0)." } ?? ".")
        case .aborted:
            return "\(subjectOfAct) was aborted\(took), before the switch: it got no traffic."
                + traffic
        case .rolledBack where notice.course == .madeRoom:
            return "\(subjectOfAct) failed\(took) after room was made for it, and the previous "
                + "release was started again." + traffic
        case .rolledBack where about != nil:
            return "the watch took the traffic from \(release)\(colour), since \(about ?? "") "
                + "stayed unhealthy\(lasting)." + traffic
        case .rolledBack:
            return "\(subjectOfAct) was rolled back\(took): it had traffic and lost it."
                + traffic
        case .waiting:
            let end = notice.until.map { " until \($0.rfc3339), and is then aborted" } ?? ""
            let look = preview.map { " Look at it: \($0)" } ?? ""
            return "\(release)\(colour) has no traffic yet and waits for promotion\(end).\(look)"
        case .unhealthy where notice.took != nil:
            return "\(patient) has been unhealthy\(lasting)."
        case .unhealthy: return "\(patient) is unhealthy."
        case .recovered: return "\(patient) is healthy again\(took)."
        case .restarted:
            let before = notice.took == nil ? "" : "; it had been unhealthy\(lasting)"
            return "\(patient) was restarted\(before)."
        case .circuitOpen:
            return "\(patient) is not restarted any more: restarts did not help. Act now."
        case .unknown where notice.course == .impaired:
            return "\(subjectOfAct) failed\(took), and the previous release could not be started "
                + "again as it was. Act now."
        case .unknown:
            return "traffic could not be shown to be anywhere\(took). Act now."
        case .maintenanceOn: return "maintenance is on; visitors get its page."
        case .maintenanceOff: return "maintenance is off; visitors get the app again."
        }
    }

    /// Who is ill or well: a replica in its colour, or the release as a whole.
    private var patient: String {
        let colour = notice.colour.map { " in \($0)" } ?? ""
        guard let about else { return release + colour }
        return about + colour + (notice.release.map { " (release \(named($0)))" } ?? "")
    }

    private var lasting: String {
        notice.took.map { " for \($0.text)" } ?? ""
    }

    private var traffic: String {
        notice.previousRelease.map { " Traffic is on release \($0)." } ?? ""
    }

    private var release: String {
        notice.release.map { "release \(named($0))" } ?? "the active release"
    }

    private var subjectOfAct: String {
        isRollback ? "the rollback to \(release)" : release
    }

    private var isRollback: Bool {
        switch notice.kind {
        case .warmRollback, .coldRollback: true
        case .deploy, nil: false
        }
    }

    private func named(_ release: ReleaseID) -> ReleaseName {
        ReleaseName(release, label: label)
    }

    /// A text of several lines becomes one.
    private static func line(_ text: String, _ limit: Int) -> String {
        let parts = text.split(whereSeparator: \.isNewline).map { PrintableText(String($0)).text }
        return PrintableText(parts.joined(separator: " ")).cut(toBytes: limit)
    }
}
