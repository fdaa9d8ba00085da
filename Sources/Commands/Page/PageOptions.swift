import ArgumentParser
import HostSystem

/// Where `teal watch` serves its page, and to whom. The environment says it where the options do
/// not, so that a service needs no other unit file.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Serve the web page there: 127.0.0.1:9180, [::1]:9180 or unix:/run/teal/page.sock. "
                + "Or set TEAL_PAGE. (default: no page)", valueName: "address"))
    var page: String?

    @Option(
        help: ArgumentHelp(
            "Who may look: token or open. On a socket, open leaves acting too to its mode. "
                + "Or set TEAL_PAGE_READ. (default: token)", valueName: "who"))
    var pageRead: String?

    @Option(
        help: ArgumentHelp(
            "A further name that the page is asked for by, as by a proxy. May be repeated. Or set "
                + "TEAL_PAGE_HOST.", valueName: "name"))
    var pageHost: [String] = []

    @Flag(help: "Show a badge of each app to everybody. Or set TEAL_PAGE_BADGES=on.")
    var pageBadges = false

    func validate() throws {
        do {
            _ = try choice([:])
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// - Returns: nil for no page.
    func choice(_ environment: [String: String]) throws(PageMistake) -> PageChoice? {
        func named(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let address = page ?? named("TEAL_PAGE") else {
            if pageRead != nil || !pageHost.isEmpty || pageBadges { throw .noAddress }
            return nil
        }
        let hosts =
            pageHost.isEmpty
            ? (named("TEAL_PAGE_HOST") ?? "").split { $0 == "," || $0 == " " }.map(String.init)
            : pageHost
        return try PageChoice(
            address: address, reading: pageRead ?? named("TEAL_PAGE_READ") ?? "token",
            hosts: hosts,
            showsBadges: pageBadges || named("TEAL_PAGE_BADGES") == "on")
    }
}

/// A page that cannot be served as it was asked for.
enum PageMistake: Error, Hashable, CustomStringConvertible {
    case noAddress
    case address(String)
    case reading(String)
    case host(String)

    var description: String {
        switch self {
        case .noAddress: "The page has no address. Next: give --page 127.0.0.1:9180."
        case .address(let text):
            "\"\(text)\" is no address for the page. Next: give 127.0.0.1:PORT, [::1]:PORT or "
                + "unix:/PATH; a proxy with TLS makes it reachable from elsewhere."
        case .reading(let text):
            "\"\(text)\" does not say who may look at the page. Next: give token or open."
        case .host(let text):
            "\"\(text)\" is no host's name. Next: give a name such as teal.example.com."
        }
    }
}
