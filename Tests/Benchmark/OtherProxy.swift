import HostSystem
import TestSupport

/// Another proxy that moves traffic without a restart, as Debian packages it.
enum OtherProxy: String, CaseIterable {
    case haproxy
    case caddy

    var name: String {
        switch self {
        case .haproxy: "HAProxy, runtime API"
        case .caddy: "Caddy, admin API"
        }
    }

    var isInstalled: Bool {
        get async throws {
            try await SubprocessCommandRunner().run(
                Command("bash", ["-c", "command -v \"$0\"", rawValue])
            ).succeeded
        }
    }

    /// - Parameter addresses: of blue and green.
    func configuration(
        _ addresses: [String], port: Int, control: Int, live colour: String
    ) -> String {
        switch self {
        case .haproxy:
            """
            global
                stats socket ipv4@127.0.0.1:\(control) level admin
            defaults
                mode http
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                timeout tunnel 1h
            frontend site
                bind 127.0.0.1:\(port)
                default_backend web
            backend web
                server blue \(addresses[0])
                server green \(addresses[1])

            """
        case .caddy:
            """
            {
                admin 127.0.0.1:\(control)
            }
            http://127.0.0.1:\(port) {
                reverse_proxy \(addresses[colour == "blue" ? 0 : 1])
            }

            """
        }
    }
}

/// Another proxy in front of a story's two colours.
struct RunningProxy {
    let port: Int
    private let proxy: OtherProxy
    private let story: Story
    private let addresses: [String]
    private let control: Int

    static func start(
        _ proxy: OtherProxy, _ story: Story, _ addresses: [String]
    ) async throws -> RunningProxy {
        let run = RunningProxy(
            port: try story.freePort(), proxy: proxy, story: story, addresses: addresses,
            control: try story.freePort())
        try run.write(live: "blue")
        let line =
            switch proxy {
            case .haproxy: "haproxy -D -p \"$0/proxy.pid\" -f \"$0/proxy.conf\""
            case .caddy:
                // It logs to the output that it was started with, and dies where nobody reads that.
                "caddy start --pidfile \"$0/proxy.pid\" --adapter caddyfile "
                    + "--config \"$0/proxy.conf\" >\"$0/proxy.log\" 2>&1"
            }
        try await run.shell(line)
        return run
    }

    func route(to colour: String) async throws {
        switch proxy {
        case .haproxy:
            let other = colour == "blue" ? "green" : "blue"
            // A server in `drain` goes on with what it has.
            for order in ["web/\(colour) state ready", "web/\(other) state drain"] {
                try await shell(
                    "exec 3<>/dev/tcp/127.0.0.1/\(control); echo 'set server \(order)' >&3; "
                        + "cat <&3")
            }
        case .caddy:
            try write(live: colour)
            try await shell(
                "curl --silent --fail --header 'Content-Type: text/caddyfile' "
                    + "--data-binary @\"$0/proxy.conf\" http://127.0.0.1:\(control)/load")
        }
    }

    func stop() async throws {
        try await shell("kill $(cat \"$0/proxy.pid\")")
    }

    private func write(live colour: String) throws {
        try story.write(
            proxy.configuration(addresses, port: port, control: control, live: colour),
            to: "proxy.conf")
    }

    private func shell(_ line: String) async throws {
        let result = try await SubprocessCommandRunner().run(
            Command("bash", ["-c", line, story.folder], timeLimit: .seconds(30)))
        guard result.succeeded else { throw StoryError.unexpected(line, result) }
    }
}
