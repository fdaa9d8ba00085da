import BlueGreen
import Orchestration

/// Judges the room for another set by what `room:` in `teal.yml` asks for. Pure.
struct RoomCheck {
    let report: RoomReport
    let policy: RoomPolicy
    /// Whether a set has traffic that could be stopped first.
    let hasPrevious: Bool

    var item: CheckItem {
        if report.fits {
            return CheckItem(name: "room", level: .ok, text: "the set \(report.summary)")
        }
        let shortage = "the set \(report.summary)"
        return switch policy {
        case .warn:
            CheckItem(
                name: "room", level: .warn,
                text: "\(shortage); `room: warn` tries it all the same.\n\(report.table)")
        case .stopFirst where hasPrevious && report.fitsAlone:
            CheckItem(
                name: "room", level: .warn,
                text: "\(shortage); by `room: stop-first` the set that has traffic is stopped "
                    + "first, and nginx answers 503 meanwhile.\n\(report.table)")
        case .refuse, .stopFirst:
            CheckItem(
                name: "room", level: .fail,
                text: "\(shortage), so a deploy would refuse it. \(remedy)\n\(report.table)")
        }
    }

    private var remedy: String {
        let free =
            "Free memory, add swap, or say in teal.yml what a service really takes (`memory:`)"
        guard hasPrevious, report.fitsAlone, policy == .refuse else { return free + "." }
        return free + ", or set `room: stop-first` (the set that has traffic is stopped first)."
    }
}
