import BlueGreen
import Orchestration
import Testing

@testable import Nginx

@Suite("Where the link leads")
struct LinkStateTests {
    private static let ten = Share(percent: 10)

    @Test(
        "A folder's name says who gets which requests",
        arguments: [
            ("none", Traffic(nil)),
            ("none-maintenance", Traffic(nil, isInMaintenance: true)),
            ("green", Traffic(.green)),
            ("blue-maintenance", Traffic(.blue, isInMaintenance: true)),
            ("green-watched", Traffic(.green, isWatched: true)),
            (
                "blue-watched-maintenance",
                Traffic(.blue, isWatched: true, isInMaintenance: true)
            ),
            ("blue-canary-10", Traffic(.blue, canary: ten, isWatched: true)),
            (
                "green-canary-12.5-maintenance",
                Traffic(
                    .green, canary: Share(percent: 12.5), isWatched: true, isInMaintenance: true)
            ),
        ])
    func names(name: String, traffic: Traffic) throws {
        let state = try #require(LinkState(name: name))
        #expect(state.traffic == traffic)
        #expect(state.name == name)
    }

    @Test(
        "No other name says anything",
        arguments: [
            "", "purple", "Blue", "blue-", "-maintenance", "maintenance", "none-watched",
            "none-canary-10", "blue-canary", "blue-canary-", "blue-canary-0", "blue-canary-100",
            "blue-canary-010", "blue-canary-12.50", "blue-canary-1.234", "blue-canary-.5",
            "blue-canary-10-watched", "blue-maintenance-watched", "blue-canary--10", "../blue",
            "blue/", "blue-canary-1e1", "blue-canary-10-maintenance-maintenance", "blue-canary-١",
        ])
    func others(name: String) {
        #expect(LinkState(name: name) == nil)
    }

    @Test("Every share that nginx can have has one name, and is known from it again")
    func shares() throws {
        for hundredths in 1..<10_000 {
            let share = Share(percent: Double(hundredths) / 100)
            let step = try #require(CanaryStep(share))
            #expect(step.share == share)
            #expect(CanaryStep(name: step.name) == step)
        }
        #expect(CanaryStep(Share(percent: 0.5))?.name == "0.5")
        #expect(CanaryStep(Share(percent: 0.05))?.name == "0.05")
        #expect(CanaryStep(Share(fraction: 0.1))?.name == "10")
        for percent in [0, -1, 100, 0.001, 0.004, 33.333, .nan, .infinity] {
            #expect(CanaryStep(Share(percent: percent)) == nil, "\(percent)")
        }
    }

    @Test("nginx finds a marker for the colour and for each thing that is special")
    func markers() {
        #expect(LinkState(.green).markers == ["green"])
        #expect(LinkState(nil).markers == ["none"])
        #expect(LinkState(.blue, .watched).markers == ["blue", "watched", "special"])
        #expect(
            LinkState(name: "blue-canary-10-maintenance")?.markers
                == ["blue", "canary-10", "watched", "maintenance", "special"])
    }

    @Test("Only what is configured has a folder")
    func all() throws {
        let plain = ["none", "blue", "green"].flatMap { [$0, $0 + "-maintenance"] }
        #expect(LinkState.all(steps: [], isObserved: false).map(\.name) == plain)
        let step = try #require(CanaryStep(Self.ten))
        let names = LinkState.all(steps: [step], isObserved: true).map(\.name)
        #expect(Set(names).count == 14)
        #expect(names.contains("green-canary-10-maintenance"))
        #expect(names.allSatisfy { LinkState(name: $0)?.name == $0 })
    }
}
