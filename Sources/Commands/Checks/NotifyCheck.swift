import HostSystem
import Notices

/// Says who would be told of what. It sends nothing.
struct NotifyCheck {
    let settings: NotifySettings
    /// Whether a program of this name can be started.
    var hasProgram: (String) -> Bool = ProcessInformation.hasProgram

    /// None where `teal.yml` names nobody.
    var items: [CheckItem] {
        let missing = settings.targets.compactMap(missingProgram)
        var items: [CheckItem] = []
        if !settings.targets.isEmpty {
            items.append(item(.ok, settings.targets.map(line).joined(separator: "\n")))
        }
        items += settings.leftOut.map { path in
            item(.warn, "\(path) is left out: its variable is empty. Set it where Teal is run.")
        }
        items += missing.map { program in
            item(
                .warn,
                "the program \(program) is not in PATH: its notices would not get through. "
                    + "Install it, or give its absolute path.")
        }
        return items
    }

    private func item(_ level: CheckItem.Level, _ text: String) -> CheckItem {
        CheckItem(name: "notify", level: level, text: text)
    }

    private func line(_ target: NoticeTarget) -> String {
        let events = NoticeEvent.allCases.filter(target.events.contains).map(\.rawValue)
        return "tells \(target.name): \(events.joined(separator: ", "))"
    }

    private func missingProgram(_ target: NoticeTarget) -> String? {
        switch target.destination {
        case .webhook: nil
        case .command(let command): hasProgram(command.executable) ? nil : command.executable
        }
    }
}
