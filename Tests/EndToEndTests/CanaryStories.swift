import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Canary")
    struct CanaryStories {
        private static let bounds = "errors: 2%, latency: 3x, requests: 20"

        private static func canary(_ steps: String, every: String, more: String = "") -> String {
            "bake: {for: 0s, \(bounds)}\ncanary: {steps: \(steps), every: \(every)\(more)}"
        }

        @Test("A tenth of 10,000 clients gets it and keeps it; SIGTERM takes it from them all")
        func share() async throws {
            let canary = Self.canary("[10%]", every: "1h", more: ", sticky: {cookie: visitor}")
            let quick = ["DELAY_MS": "0"]
            try await Stories.watched("canaryshare", canary, first: quick) { story in
                try await story.tealDuring(
                    ["deploy"], ["VERSION": "v2", "DELAY_MS": "0"], signal: "TERM",
                    reading: { run in
                        #expect(run.ending == .exited(4))
                        #expect(run.standardOutput.contains("SIGTERM"))
                        #expect(run.standardOutput.contains("Traffic is on blue"))
                    }
                ) {
                    try await story.untilCanary(percent: 10)
                    try await Self.expectTenth(in: story, "User-Agent: visitor {client}", each: 2)
                    try await Self.expectTenth(in: story, "Cookie: visitor={client}", each: 1)
                    let status = try await story.teal(["status"]).standardOutput
                    #expect(status.contains("traffic is on blue"))
                    #expect(status.contains("10% of the requests go to green"))
                }
                let after = try await story.load(Stories.visitors(clients: 100), requests: 100)
                #expect(after.answers == ["v1": 100])
            }
        }

        /// - Parameter header: what tells the clients apart.
        private static func expectTenth(
            in story: Story, _ header: String, each: Int
        ) async throws {
            var load = Load()
            load.clients = 10_000
            load.headers = [header]
            let report = try await story.load(load, requests: each * 10_000)
            #expect(report.lost == 0)
            let old = report.clients["v1", default: []]
            let new = report.clients["v2", default: []]
            #expect((800...1200).contains(new.count))
            #expect(old.isDisjoint(with: new))
            #expect(old.count + new.count == 10_000)
        }

        @Test("From step to step nobody goes back, nothing is reloaded, and no request is lost")
        func steps() async throws {
            let canary = Self.canary("[10%, 50%]", every: "2s")
            try await Stories.watched("canarysteps", canary) { story in
                let visitors = Stories.visitors(rate: 200, clients: 200)
                let (_, load) = try await story.underLoad(visitors) {
                    async let deploy = story.deploy(["VERSION": "v2"])
                    try await story.untilCanary(percent: 10)
                    let workers = try await story.nginxWorkers()
                    _ = try await deploy
                    #expect(try await story.nginxWorkers() == workers)
                }
                #expect(load.lost == 0)
                #expect(load.returns == 0)
                #expect(try await story.version() == "v2")
                let observed = try await story.history().deployments.first?.observed ?? []
                #expect(observed.map(\.stage) == ["canary", "canary"])
                let sides = try #require(observed.last)
                #expect(try #require(sides.candidate).requests > 0)
                #expect(try #require(sides.previous).requests > 0)
            }
        }

        @Test("One that does badly goes back from its share, and nobody else saw an error")
        func bad() async throws {
            try await Stories.watched("canarybad", Self.canary("[20%]", every: "10m")) { story in
                let visitors = Stories.visitors(rate: 200, clients: 200)
                let (result, load) = try await story.underLoad(visitors) {
                    try await story.deploy(["VERSION": "v2", "FAIL_EVERY": "5"], exit: 4)
                }
                #expect(result.standardOutput.contains(BadRelease.errors.reason))
                #expect(result.standardOutput.contains("Traffic is on blue"))
                #expect(load.unanswered == 0, "\(load.lostByReason)")
                #expect(Set(load.statuses.keys) == [200, 500])
                let met = Set(load.failedClients).union(load.clients["v2", default: []])
                #expect(load.clients["v1"]?.count == 200)
                #expect((1...60).contains(met.count))
                let observed = try await story.history().deployments.first?.observed?.last
                #expect(observed?.stage == "canary")
                #expect(observed?.previous?.errors == 0)
                let after = try await story.load(Stories.visitors(clients: 100), requests: 100)
                #expect(after.answers == ["v1": 100])
            }
        }

        @Test("Killed in a canary, the next command takes it back before it removes anything")
        func killed() async throws {
            let canary = Self.canary("[50%]", every: "1h")
            try await Stories.watched("canarykill", canary) { story in
                let visitors = Stories.visitors(rate: 200, clients: 200)
                let (_, load) = try await story.underLoad(visitors) {
                    try await story.tealDuring(
                        ["deploy"], ["VERSION": "v2"], signal: "KILL",
                        reading: { #expect($0.ending == .signalled(9)) }
                    ) {
                        try await story.untilCanary(percent: 50)
                    }
                    #expect(try await story.status().traffic?.canary?.percent == 50)
                    let resumed = try await story.teal(["resume"])
                    #expect(resumed.ending == .exited(4))
                    #expect(try await story.status().traffic?.canary == nil)
                }
                #expect(load.lost == 0)
                #expect(load.clients["v2", default: []].count > 0)
                let after = try await story.load(Stories.visitors(clients: 100), requests: 100)
                #expect(after.answers == ["v1": 100])
                try story.writeConfiguration(Stories.configuration())
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }
    }
}
