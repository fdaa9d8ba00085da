import BlueGreen

/// Judges the room that the nodes of a cluster have, by what `room:` in `teal.yml` asks for. Pure.
struct NodesRoomCheck {
    let room: NodesRoom
    let policy: RoomPolicy

    var item: CheckItem {
        let found = "the set \(room.summary)"
        if room.fits {
            let unknown = room.unknown.map { "; \($0)" } ?? ""
            return CheckItem(name: "room", level: .ok, text: found + unknown)
        }
        switch policy {
        case .warn:
            return CheckItem(
                name: "room", level: .warn,
                text: "\(found); `room: warn` tries it all the same.\n\(room.table)")
        case .refuse, .stopFirst:
            return CheckItem(
                name: "room", level: .fail,
                text: "\(found), so a deploy would refuse it. Free memory on the nodes, or have "
                    + "the services reserve less in the compose file (`deploy.resources`).\n"
                    + room.table)
        }
    }
}
