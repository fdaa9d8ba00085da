import HostSystem
import LoadReport
import TestSupport

/// Requests lost while traffic is switched again and again under 32 busy keep-alive connections.
struct LostRequests {
    let switches: Int

    func measure() async throws {
        var table = Table(
            "way", "requests", "sent", "lost", "sent again by the client", "switches")
        for way in ["live", "reload"] {
            for load in loads {
                try await Stage.withBothColours("bench\(way)", live: way) { story in
                    let (_, report) = try await story.underLoad(load) {
                        for _ in 1...switches {
                            let result = try await story.teal(["rollback"])
                            guard result.succeeded else {
                                throw StoryError.unexpected("teal rollback", result)
                            }
                        }
                    }
                    table.add(
                        "`switch: \(way)`", load.title, "\(report.sent)", "\(report.lost)",
                        "\(report.retried)", "\(switches)")
                }
            }
        }
        for load in loads {
            try await Stage.withBothColours("benchbare", live: "live") { story in
                let (_, report) = try await story.underLoad(load) {
                    for _ in 1...switches { try await story.reloadNginx() }
                }
                table.add(
                    "bare `nginx -s reload`", load.title, "\(report.sent)", "\(report.lost)",
                    "\(report.retried)", "\(switches)")
            }
        }
        table.print(title: "Requests lost, 32 keep-alive connections")
    }

    private var loads: [Load] {
        var blind = Load(method: "GET", path: "/version")
        blind.client = "blind"
        return [
            Load(method: "GET", path: "/version"), blind, Load(method: "POST", path: "/echo"),
        ]
    }
}

extension Load {
    fileprivate var title: String { "\(method), \(client) client" }
}
