import HostSystem
import TestSupport

/// The time that Teal adds to a deploy: wall time less the starting of containers, less the waits
/// that the configuration asks for (the pause between starts, the readiness of the app, the drain).
struct OwnTime {
    private let rounds = 5

    func measure() async throws {
        var table = Table(
            "services", "wall ms", "starts and waits ms", "Teal's own ms", "of it: creating ms")
        for count in [1, 2, 4, 8] {
            try await Story.tell("benchown") { story in
                try story.writeCompose(
                    (1...count).map { index in
                        Stage.web.replacing(
                            "  web:", with: index == 1 ? "  web:" : "  web\(index):")
                    }.joined(separator: "\n"))
                try story.writeConfiguration(
                    """
                    services:
                      web: {port: 8080, health: {http: /healthz}}
                    start: {pause: 0s}
                    drain: 0s
                    """)
                try await story.deploy(["VERSION": "v0"])
                var walls: [Double] = []
                var waits: [Double] = []
                var creating: [Double] = []
                for round in 1...rounds {
                    let began = ContinuousClock.now
                    try await story.deploy(["VERSION": "v\(round)"])
                    let (seconds, attoseconds) = (ContinuousClock.now - began).components
                    walls.append(Double(seconds) * 1000 + Double(attoseconds) / 1e15)
                    let last = try await MeasuredDeployment.last(of: story)
                    waits.append(last.milliseconds(in: "starting", "probing"))
                    creating.append(last.milliseconds(in: "preparing"))
                }
                let own = zip(walls, waits).map { $0 - $1 }
                table.add(
                    "\(count)", walls.median.text(0), waits.median.text(0), own.median.text(0),
                    creating.median.text(0))
            }
        }
        table.print(title: "Teal's own time in a deploy")
    }
}
