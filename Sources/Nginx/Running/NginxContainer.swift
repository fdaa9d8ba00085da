import BlueGreen
import HostSystem

/// The container that nginx runs in, as Docker describes it.
struct NginxContainer: Hashable, Sendable {
    struct Network: Hashable, Sendable {
        let name: String
        let address: String
        let gateway: String
    }

    let isRunning: Bool
    /// On the host.
    let pid: Int
    let usesHostNetwork: Bool
    let networks: [Network]

    /// A line for the container, then one per network.
    static func inspection(of name: String) -> Command {
        let format =
            "{{.State.Running}} {{.State.Pid}} {{.HostConfig.NetworkMode}}"
            + "{{range $name, $net := .NetworkSettings.Networks}}\n"
            + "{{$name}} {{$net.IPAddress}} {{$net.Gateway}}{{end}}"
        return Command(
            "docker", ["container", "inspect", "--format", format, name],
            timeLimit: .seconds(30), outputLimit: .mebibytes(1))
    }

    static func connection(of name: String, to network: String) -> Command {
        Command(
            "docker", ["network", "connect", network, name], timeLimit: .seconds(30),
            outputLimit: .mebibytes(1))
    }

    init?(inspection output: String) {
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        guard let first = lines.first, first.count == 3, let pid = Int(first[1]) else {
            return nil
        }
        isRunning = first[0] == "true"
        self.pid = pid
        usesHostNetwork = first[2] == "host"
        networks = lines.dropFirst().compactMap { words in
            // A stopped container, and the host's network, have no addresses.
            guard words.count == 3, Endpoint("\(words[1]):1") != nil else { return nil }
            return Network(
                name: String(words[0]), address: String(words[1]), gateway: String(words[2]))
        }
    }

    /// A request from the host comes from a bridge's own address.
    var gateways: [String] {
        Set(networks.map(\.gateway)).filter { Endpoint("\($0):1") != nil }.sorted()
    }
}
