import BlueGreen

/// The place within an app's folder where nginx writes requests down, and looks for whether it
/// still should.
struct WatchFolder: Hashable, Sendable {
    /// `/etc/nginx/teal/shop/watch`
    let path: String

    init(appFolder: String) {
        path = "\(appFolder)/watch"
    }

    /// nginx opens it when it reads its configuration and holds it open, watched or not: it is
    /// emptied and never removed.
    var log: String { "\(path)/requests.log" }

    /// The marker of the slot that the moment lies in; nginx writes while its file is there.
    func marker(at moment: Timestamp) -> String {
        "\(path)/\(Self.slot(of: moment))"
    }

    /// In milliseconds. 100 s is what remains of epoch seconds without their last two digits.
    static let slotLength: Int64 = 100_000

    /// Epoch seconds without their last two digits, `17952104`.
    static func slot(of moment: Timestamp) -> Int64 {
        moment.milliseconds / slotLength
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
