import BlueGreen
import Dashboard
import Glibc
import HostSystem
import NIOCore

/// The page as it was asked for.
struct PageChoice: Sendable {
    fileprivate let settings: DashboardSettings

    init(
        address: String, reading: String, hosts: [String], showsBadges: Bool
    ) throws(PageMistake) {
        guard let place = DashboardSettings.address(address) else { throw .address(address) }
        guard let who = DashboardSettings.Reading(rawValue: reading) else {
            throw .reading(reading)
        }
        for host in hosts {
            let isName = !host.isEmpty && host.utf8.count <= 253
            guard isName, host.utf8.allSatisfy(Self.isOfName) else { throw .host(host) }
        }
        var settings = DashboardSettings(place)
        settings.reading = who
        settings.hosts = hosts
        settings.showsBadges = showsBadges
        self.settings = settings
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch UnicodeScalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".": true
        default: false
        }
    }
}

/// The page of a watch. Its failures are told, and end nothing.
struct PageService: Sendable {
    private static let retryInterval = Duration.seconds(10)

    private let choice: PageChoice
    private let tokens: TokenFile
    private let source: PageSource
    private let note: @Sendable (String) -> Void

    init(
        _ choice: PageChoice, _ invocation: Invocation, metrics: HostMetrics,
        note: @escaping @Sendable (String) -> Void
    ) {
        // Of the process, before the first loop is made.
        Wiring.oneThread
        self.choice = choice
        tokens = TokenFile(path: invocation.state.pageTokens)
        source = PageSource(invocation, metrics: metrics, note: note)
        self.note = note
    }

    /// Until it is cancelled. An address that cannot be had now may be free later.
    func run() async {
        var told = ""
        while !Task.isCancelled {
            let address = choice.settings.address
            do {
                try await Dashboard(choice.settings, tokens: tokens, source: source).run {
                    note("The page is served at \(Self.place(address, port: $0)).")
                }
                told = ""
            } catch {
                let reason = Self.reason(error)
                if told != reason, !Task.isCancelled {
                    note(
                        "The page cannot be served at \(address): \(reason). It is tried again "
                            + "every \(Self.retryInterval.text).")
                }
                told = reason
            }
            // A cancelled sleep ends the loop at its head.
            try? await Task.sleep(for: Self.retryInterval)
        }
    }

    /// Port 0 leaves the choice to the kernel.
    private static func place(_ address: DashboardSettings.Address, port: Int?) -> String {
        switch address {
        case .loopback(let host, _):
            "\(DashboardSettings.Address.loopback(host: host, port: port ?? 0))"
        case .unixSocket: "\(address)"
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let failure = error as? IOError else { return "\(error)" }
        return String(cString: strerror(failure.errnoCode)).lowercased()
    }
}
