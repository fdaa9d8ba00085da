import BlueGreen
import DockerCompose
import DockerEngine
import Testing

struct ComposeProjectPlanTests {
    private func names(_ services: [String: JSONValue]) throws -> [String] {
        try Fixture.project(services).plan([:]).map(\.name)
    }

    private func depends(_ names: String...) -> JSONValue {
        [
            "image": "x",
            "depends_on": .object(
                Dictionary(
                    uniqueKeysWithValues: names.map { ($0, ["condition": "service_started"]) })),
        ]
    }

    @Test("What a service depends on starts first, and the alphabet decides among equals")
    func order() throws {
        #expect(
            try names(["a": depends("z"), "m": depends(), "z": depends("y"), "y": depends()])
                == ["m", "y", "z", "a"])
        #expect(try names(["c": depends(), "b": depends(), "a": depends()]) == ["a", "b", "c"])
    }

    @Test("A dependency that a profile leaves out does not stop the others")
    func absentDependency() throws {
        #expect(try names(["a": depends("absent")]) == ["a"])
    }

    @Test("A plan knows the dependencies of each service among its own, sorted")
    func dependencies() throws {
        let plan = try Fixture.project([
            "a": depends("z", "b", "absent"), "b": depends(), "z": depends("b"),
        ]).plan([:])
        let found = Dictionary(uniqueKeysWithValues: plan.map { ($0.name, $0.dependencies) })
        #expect(found == ["a": ["b", "z"], "b": [], "z": ["b"]])
    }

    @Test("The shop's services get role, port, replicas and check from both files")
    func shop() throws {
        let plan = try Fixture.shopSet().services
        #expect(plan.map(\.name) == ["db", "init", "web"])
        #expect(plan.map(\.role) == [.shared, .internal, .exposed])
        #expect(plan.map(\.replicas) == [1, 1, 2])
        #expect(plan.map(\.port) == [nil, nil, 8080])
        #expect(plan.map(\.isOneShot) == [false, true, false])
        #expect(plan.map { $0.healthCheck?.method } == [.docker, nil, .tcp(port: 8080)])
    }

    @Test("teal.yml's check wins over the compose file's; one that is switched off counts as none")
    func healthChecks() throws {
        let own = HealthCheck(method: .command(["/ok"]))
        let project = Fixture.project([
            "a": ["image": "x", "healthcheck": ["test": ["CMD", "/c"]]],
            "b": ["image": "x", "healthcheck": ["disable": true]],
            "c": ["image": "x", "healthcheck": ["test": ["NONE"]]],
        ])
        let plan = try project.plan(["a": ServiceSettings(healthCheck: own)])
        #expect(plan.map(\.healthCheck) == [own, nil, nil])
    }

    @Test("The compose file's replicas count where teal.yml gives none")
    func replicas() throws {
        let project = Fixture.project([
            "a": ["image": "x", "deploy": ["replicas": 3]],
            "b": ["image": "x", "scale": 2],
            "c": ["image": "x", "deploy": ["replicas": 3]],
        ])
        let plan = try project.plan(["c": ServiceSettings(replicas: 1)])
        #expect(plan.map(\.replicas) == [3, 2, 1])
    }

    @Test("A memory limit is read in both forms that `docker compose config` prints")
    func memory() throws {
        // As Compose 2.26 prints `mem_limit: 64m` and a limit of `1.5G`.
        let limited: JSONValue = ["resources": ["limits": ["memory": "1610612736"]]]
        let project = Fixture.project([
            "a": ["image": "x", "mem_limit": "67108864"],
            "b": ["image": "x", "deploy": limited],
            "c": ["image": "x", "mem_limit": "0"],
            "d": ["image": "x", "deploy": ["resources": ["limits": ["cpus": "0.5"]]]],
            "e": ["image": "x", "mem_limit": "67108864"],
        ])
        let own = ByteCount.mebibytes(96)
        let plan = try project.plan(["e": ServiceSettings(memory: own)])
        #expect(
            plan.map(\.memory) == [
                .mebibytes(64), .mebibytes(1536), nil, nil, own,
            ])
    }
}
