import BlueGreen
import HostSystem

/// The place within an app's folder where nginx writes requests down, and looks for whether it
/// still should.
struct WatchFolder: Hashable, Sendable {
    /// `/etc/nginx/teal/shop/watch`
    let path: String

    /// nginx opens it when it reads its configuration and holds it open, watched or not: it is
    /// emptied and never removed.
    var log: String { "\(path)/requests.log" }

    /// Lets nginx write in the slots of time from one moment to the other, and in no others.
    func mark(from moment: Timestamp, until end: Timestamp) throws {
        try FileSystem().makeFolder(path, access: .everyoneReads)
        let slots = moment <= end ? Array(Self.slot(of: moment)...Self.slot(of: end)) : []
        try setMarkers(Set(slots.map(String.init)))
    }

    /// Harmless without a folder.
    func unmark() throws {
        if FileSystem().isFolder(path) { try setMarkers([]) }
    }

    /// They need not outlive a power cut: a slot that is past never comes again.
    private func setMarkers(_ names: Set<String>) throws {
        try FileSystem().setMarkers(names, in: path) { Int64($0) != nil }
    }

    /// Epoch seconds without their last two digits, `17952104`: a slot is 100 s.
    static func slot(of moment: Timestamp) -> Int64 {
        moment.milliseconds / 100_000
    }

    /// The same in nginx's words, for the http block.
    ///
    /// - Parameter variable: without its `$`; holds the present slot's name.
    static func slotMap(to variable: String) -> String {
        """
        map $msec $\(variable) {
            "~^([0-9]+)[0-9][0-9]\\." $1;
            default "";
        }

        """
    }
}
