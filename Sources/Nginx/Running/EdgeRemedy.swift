import HostSystem

/// The likely reason why nginx may not connect to a container that Teal reaches.
struct EdgeRemedy: Sendable {
    /// Holds `/sys`: empty for the host itself.
    var root = ""
    private let settings: NginxSettings

    init(_ settings: NginxSettings, root: String = "") {
        self.settings = settings
        self.root = root
    }

    /// Whole sentences.
    var text: String {
        if let container = settings.container {
            return "nginx runs in the container \(container.name): `docker inspect "
                + "\(container.name)` shows whether it is on the networks "
                + "\(container.networks.joined(separator: " and ")), and its log has the system's "
                + "reason. A firewall may forbid it as well."
        }
        if isForbiddenBySELinux {
            return "SELinux is enforcing and forbids it. Run: "
                + "setsebool -P httpd_can_network_connect 1"
        }
        return "nginx's error log has the system's reason. A firewall (`nft list ruleset`, "
            + "`iptables-save`), a route, or nginx's own confinement (`IPAddressDeny=` of its "
            + "unit, AppArmor) keeps its workers from the network of the containers."
    }

    /// Where the rule cannot be read it is the likely one.
    private var isForbiddenBySELinux: Bool {
        word(of: "/sys/fs/selinux/enforce") == "1"
            && word(of: "/sys/fs/selinux/booleans/httpd_can_network_connect") != "1"
    }

    /// - Returns: nil for a file that is not there, or that this user may not read.
    private func word(of path: String) -> String? {
        do {
            let text = try FileSystem().readTextIfPresent(root + path)
            return text?.split { $0.isWhitespace }.first.map(String.init)
        } catch {
            return nil
        }
    }
}
