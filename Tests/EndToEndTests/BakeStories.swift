import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Bake")
    struct Baking {
        private static let bounds = "errors: 2%, latency: 3x, requests: 20"

        @Test(
            "A release that does badly goes back by itself, and the next good one just goes",
            arguments: BadRelease.allCases)
        fileprivate func goesBack(bad: BadRelease) async throws {
            let app = "bake\(bad.rawValue.lowercased())"
            let bake = "bake: {for: \"${BAKE:-60s}\", \(Self.bounds)}"
            try await Stories.watched(app, bake) { story in
                let (result, load) = try await story.underLoad(Stories.visitors()) {
                    try await story.deploy(bad.environment, exit: 4)
                }
                #expect(result.standardOutput.contains(bad.reason))
                #expect(result.standardOutput.contains("  | shop web v2: "))
                #expect(result.standardOutput.contains("Traffic is on blue"))
                #expect(load.unanswered == 0, "\(load.lostByReason)")
                #expect(Set(load.statuses.keys).isSubset(of: bad.statuses))
                let after = try await story.load(Stories.visitors(), requests: 100)
                #expect(after.lost == 0)
                #expect(after.answers == ["v1": 100])
                try await Self.expectTraces(of: bad, in: story)

                try await story.deploy(["VERSION": "v3", "BAKE": "1s"])
                #expect(try await story.version() == "v3")
            }
        }

        /// What stays behind to look at.
        private static func expectTraces(of bad: BadRelease, in story: Story) async throws {
            let containers = try await story.containers()
            let kept = containers.filter { $0.hasPrefix("\(story.app)-green-web-1 ") }
            #expect(kept.count == 1)
            #expect(kept.first?.hasSuffix(" exited") == true)

            let newest = try #require(try await story.history().deployments.first)
            #expect(newest.outcome == "rolled_back")
            #expect(newest.failure?.message.contains(bad.reason) == true)
            #expect(newest.failure?.log.isEmpty == false)
            let observed = try #require(newest.observed?.last)
            #expect(observed.stage == "bake")
            #expect(observed.candidate?.colour == "green")
            #expect(try #require(observed.candidate).requests > 0)
            #expect(try #require(observed.previous).requests >= 20)

            let history = try await story.teal(["history"]).standardOutput
            #expect(history.contains("rolled back"))
            #expect(history.contains(bad.reason))
        }

        @Test("A good release under the same load is never rolled back, twenty times")
        func staysForward() async throws {
            let bake = "bake: {for: 2s, \(Self.bounds)}"
            try await Stories.watched("bakegood", bake) { story in
                let (_, load) = try await story.underLoad(Stories.visitors()) {
                    for run in 1...20 {
                        try await story.deploy(["VERSION": "v\(run + 1)"])
                    }
                }
                #expect(load.lost == 0)
                #expect(try await story.version() == "v21")
                let deployments = try await story.history().deployments
                #expect(deployments.count == 20)
                #expect(deployments.allSatisfy { $0.outcome == "promoted" })
                let figures = deployments.prefix(19).map {
                    $0.observed?.last?.candidate?.requests ?? 0
                }
                #expect(figures.allSatisfy { $0 >= 20 }, "\(figures)")
            }
        }

        @Test("19: Two bad colours do not alternate, and a rollback is neither watched nor undone")
        func neverFlaps() async throws {
            let bake = "bake: {for: \"${BAKE:-60s}\", \(Self.bounds)}"
            try await Stories.watched("bakeflap", bake, first: ["FAIL_EVERY": "4"]) { story in
                let (_, load) = try await story.underLoad(Stories.visitors()) {
                    try await story.deploy(["VERSION": "v2", "FAIL_EVERY": "2"], exit: 4)
                    #expect(try await story.version() == "v1")
                    try await story.deploy(["VERSION": "v3", "BAKE": "1s"])
                    let back = try await story.teal(["rollback"])
                    #expect(back.succeeded)
                    #expect(!back.standardError.contains("== baking"))
                }
                #expect(load.unanswered == 0, "\(load.lostByReason)")
                // As bad as it is, nothing takes the traffic from it again.
                let after = try await story.load(Stories.visitors(), requests: 100)
                #expect(after.statuses == [200: 75, 500: 25])
                #expect(after.answers == ["v1": 75])
                let outcomes = try await story.history().deployments.map(\.outcome)
                #expect(outcomes == ["promoted", "promoted", "rolled_back", "promoted"])
            }
        }
    }
}
