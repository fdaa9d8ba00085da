import HostSystem

/// The rules of the host that keep nginx from what Teal itself may do, so that probes pass and
/// visitors get 502. Of a container's nginx nothing is known here.
struct NginxConfinement: Sendable {
    /// A port that nginx has to listen at, and for what.
    struct Port: Hashable, Sendable {
        let number: Int
        let use: String
    }

    /// Holds `/sys` and `/etc`: empty for the host itself.
    var root = ""
    let access: NginxAccess
    let ports: [Port]
    /// nginx writes requests to a log beside its files.
    let isObserved: Bool
    /// Whoever listens was allowed to.
    let isListening: @Sendable (Port) -> Bool

    var items: [CheckItem] {
        if access.container != nil { return [] }
        return seLinux + appArmor + NginxUnit(root: root).items
    }

    private var seLinux: [CheckItem] {
        guard word(of: "/sys/fs/selinux/enforce") == "1" else { return [] }
        let refused = ports.filter { !Self.usualPorts.contains($0.number) && !isListening($0) }
        return connecting + refused.map(listening) + logging
    }

    private var connecting: [CheckItem] {
        // Its present value, then that of the next start of the system.
        guard word(of: "/sys/fs/selinux/booleans/httpd_can_network_connect") == "0" else {
            return []
        }
        return [
            CheckItem(
                name: "selinux", level: .fail,
                text: "SELinux does not let nginx connect to containers: visitors would get 502, "
                    + "although Teal's own probes pass. Run: "
                    + "setsebool -P httpd_can_network_connect 1")
        ]
    }

    /// The type http_port_t of the usual policy has these.
    private static let usualPorts: Set<Int> = [80, 81, 443, 488, 8008, 8009, 8443, 9000]

    private func listening(_ port: Port) -> CheckItem {
        CheckItem(
            name: "selinux", level: .warn,
            text: "SELinux lets nginx listen only at ports that are http_port_t, and nothing "
                + "listens at \(port.number) yet, \(port.use). Run: "
                + "semanage port -a -t http_port_t -p tcp \(port.number)")
    }

    private var logging: [CheckItem] {
        guard isObserved else { return [] }
        let folders = "\(access.directory)/[^/]+/watch(/.*)?"
        return [
            CheckItem(
                name: "selinux", level: .warn,
                text: "SELinux lets nginx write only where its rules say, and the watch of a "
                    + "deployment needs \(access.directory)/APP/watch. Run: "
                    + "semanage fcontext -a -t httpd_log_t '\(folders)' "
                    + "&& restorecon -R \(access.directory)")
        ]
    }

    private var appArmor: [CheckItem] {
        text(of: "/sys/kernel/security/apparmor/profiles").split(separator: "\n")
            .filter { $0.hasSuffix("nginx (enforce)") }
            .map { line in
                let profile = line.dropLast(" (enforce)".count)
                return CheckItem(
                    name: "apparmor", level: .warn,
                    text: "AppArmor confines nginx by the profile \(profile), which has to allow: "
                        + "`\(access.directory)/** r,` `\(access.directory)/*/watch/* w,` and "
                        + "`network inet stream,`. Load it anew with `apparmor_parser -r`.")
            }
    }

    private func word(of file: String) -> String? {
        text(of: file).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// Empty also where this user may not read it: then nothing is known.
    private func text(of file: String) -> String {
        (try? FileSystem().readTextIfPresent(root + file)) ?? ""
    }
}

/// The settings of systemd's `nginx.service`, its own file and those beside it, the last one
/// counting.
struct NginxUnit: Sendable {
    let root: String

    private struct Line {
        let key: String
        let value: String
        let place: String
    }

    var items: [CheckItem] {
        var active: [String: [Line]] = [:]
        for line in files.flatMap(lines) {
            // An empty value takes back those before it.
            active[line.key] = line.value.isEmpty ? [] : (active[line.key] ?? []) + [line]
        }
        return active.sorted { $0.key < $1.key }.flatMap { key, lines in
            lines.compactMap { problem($0, isAllowed: active["IPAddressAllow"]) }
        }
    }

    private func problem(_ line: Line, isAllowed: [Line]?) -> CheckItem? {
        let consequence: String
        switch line.key {
        case "IPAddressDeny" where isAllowed?.contains { $0.value == "any" } ?? false: return nil
        case "IPAddressDeny":
            consequence =
                "nginx may not reach the containers unless IPAddressAllow holds their "
                + "networks. `docker network inspect` shows them"
        case "PrivateNetwork" where ["yes", "true", "on", "1"].contains(line.value.lowercased()):
            consequence = "nginx has a network of its own and does not reach the containers"
        case "RestrictAddressFamilies" where !Self.hasIPv4(line.value):
            consequence = "nginx may not connect to the containers by IPv4"
        case "SocketBindDeny":
            consequence =
                "nginx may not listen for Teal's questions unless SocketBindAllow holds "
                + "the status port"
        default: return nil
        }
        return CheckItem(
            name: "systemd", level: .warn,
            text: "\(line.place) says \(line.key)=\(line.value): \(consequence). Change it by "
                + "`systemctl edit nginx`, then `systemctl restart nginx`.")
    }

    /// With a `~` in front the list is of those that are forbidden.
    private static func hasIPv4(_ value: String) -> Bool {
        let isRefusal = value.hasPrefix("~")
        let names = value.drop { $0 == "~" }.split(separator: " ")
        return names.contains("AF_INET") != isRefusal
    }

    /// The first of several folders with a unit has it; files beside it count wherever they are.
    private var files: [String] {
        let folders = ["/etc", "/run", "/usr/lib", "/lib"].map { "\(root)\($0)/systemd/system" }
        let files = FileSystem()
        let unit = folders.map { "\($0)/nginx.service" }.first(where: files.exists)
        let parts = folders.reversed().map { "\($0)/nginx.service.d" }.flatMap { folder in
            // A folder that cannot be read tells nothing.
            ((try? files.list(folder)) ?? []).filter { $0.hasSuffix(".conf") }.sorted()
                .map { "\(folder)/\($0)" }
        }
        return [unit].compactMap(\.self) + parts
    }

    private func lines(_ file: String) -> [Line] {
        // As above.
        let text = (try? FileSystem().readText(file)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { index, line in
                guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else {
                    return nil
                }
                return Line(
                    key: String(line[..<equals]).trimmed,
                    value: String(line[line.index(after: equals)...]).trimmed,
                    place: "\(file.dropFirst(root.utf8.count)):\(index + 1)")
            }
    }
}
