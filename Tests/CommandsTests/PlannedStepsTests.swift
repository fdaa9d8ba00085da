import BlueGreen
import Orchestration
import TestSupport
import Testing
import TestSupport
import Testing

@testable import Commands

@Suite("The steps of a plan")
struct PlannedStepsTests {
    private static let now = Timestamp(milliseconds: 0)
    private static let candidate = Placement(colour: .green, release: Sample.release(2))
    private static let previous = Placement(colour: .blue, release: Sample.release(1))
    private static let services = [
        PlannedService(name: "db", role: .shared),
        PlannedService(
            name: "web", role: .exposed, port: 80,
            healthCheck: HealthCheck(method: .tcp(port: 80))),
        PlannedService(name: "worker", role: .singleton),
    ]

    private func steps(
        room: RoomReport = Self.room(free: 1000), policy: RoomPolicy = .refuse,
        files: [FileChange]? = [], previous: Placement? = Self.previous,
        shared: [String: String] = [:], hooks: Hooks = Hooks(),
        nginx: NginxAccess = NginxAccess(), settings: DeploymentSettings? = nil
    ) -> PlannedSteps {
        let settings = settings ?? DeploymentSettings(room: policy, hooks: hooks)
        let request = Order(
            number: 2, kind: .deploy, candidate: Self.candidate, label: nil, previous: previous,
            services: Self.services, previousServices: Self.services,
            settings: settings)
        let words = StepWords(
            app: "shop", link: "/etc/nginx/teal/shop/live", mode: .live,
            nginx: NginxWords(nginx), room: room,
            set: Self.set(shared: shared), release: Self.candidate.release, files: files,
            bounds: settings.bake.bounds, preview: "http://127.0.0.1:8089")
        return PlannedSteps(request, at: Self.now, room: room, words)
    }

    private static func room(free: Int) -> RoomReport {
        RoomReport(
            needs: [
                RoomNeed(service: "web", replicas: 1, each: .mebibytes(128), source: .assumed)
            ], memoryAvailable: .mebibytes(Int64(free)), heldByPrevious: .mebibytes(512))
    }

    private static func set(shared: [String: String]) -> SetForecast {
        SetForecast(
            images: [
                ImageForecast(
                    service: "web", image: "web", supply: .pull,
                    command: "docker compose --file /r/\(candidate.release)/model.json pull web")
            ], changes: nil, notices: [], create: "docker compose create", shared: shared)
    }

    @Test("They are those of a deploy, in its order, with their commands")
    func order() {
        let entries = steps().entries
        #expect(
            entries.map(\.text) == [
                "look for things of others, and for what the site asks for",
                "compare memory: the set needs 128 MB of 1000 MB",
                "images, networks, volumes; create the containers without starting them",
                "db-1: runs already, left alone", "db-1 must be running", "start web-1 in green",
                "web-1 must be healthy by a connection at port 80, at most 120 s",
                "look at the whole set once more",
                "give nginx the addresses of green: no file changes, no reload",
                "ask each exposed service of green through the running nginx",
                "point /etc/nginx/teal/shop/live to green",
                "ask the running nginx whether it routes to green",
                "let requests in flight to blue end, at most 30 s",
                "ask the running nginx and the containers for the last time",
                "stop what may run only once in blue", "start worker-1 in green",
                "worker-1 must be running", "blue is kept running",
            ])
        #expect(
            entries[2].commands == [
                "docker compose --file /r/RELEASE/model.json pull web", "docker compose create",
            ])
        #expect(entries.last?.phase == "retiring")
    }

    @Test("What is watched, given in steps or left to a person stands in its place")
    func careful() {
        let settings = DeploymentSettings(
            bake: Bake(), canary: Canary(steps: [10, 12.5].map { Share(percent: $0) }),
            promotion: .manual(within: .seconds(3600)))
        let all = steps(settings: settings).entries
        let entries = all.filter { ["waiting", "canary", "baking"].contains($0.phase) }
        let watch = "have nginx write down what it answers, at most 120 s"
        #expect(
            entries.map(\.text) == [
                "wait for `teal promote` or `teal abort`, at most 60 min; "
                    + "look at it: http://127.0.0.1:8089",
                "give 10% of the requests to green", "ask the running nginx whether green gets 10%",
                watch,
                "watch both colours for 60 s at 10%; back above 5% of 5xx or 3x the other's p95",
                "give 12.5% of the requests to green",
                "ask the running nginx whether green gets 12.5%", watch,
                "watch both colours for 60 s at 12.5%; back above 5% of 5xx or 3x the other's p95",
                watch, "watch it for 60 s; back above 5% of 5xx or 3x the other's p95",
                "have nginx write nothing down any more",
            ])
        #expect(all.contains { $0.text == "read what nginx saw of the colour that has traffic" })
    }

    @Test("A shared service that is there and does not run is started, not left alone")
    func stoppedShared() {
        #expect(steps().entries.contains { $0.text == "db-1: runs already, left alone" })
        let entry = steps(shared: ["db": ""]).entries.first { $0.text.contains("db-1") }
        #expect(entry?.text == "start db-1, shared")
        #expect(entry?.commands == [])
    }

    @Test("Between two starts there is the rest that teal.yml asks for")
    func rest() {
        let entries = steps(shared: ["db": "docker compose up db"]).entries
        #expect(
            entries.contains {
                $0.text == "wait 3 s, then until the host has settled, at most 60 s"
            })
        #expect(entries.contains { $0.commands == ["docker compose up db"] })
    }

    @Test("A set that does not fit ends the plan, or makes room where that is asked for")
    func room() {
        let refused = steps(room: Self.room(free: 100))
        #expect(refused.entries.count == 2)
        #expect(refused.refusal?.contains("does not fit") == true)
        let makesRoom = steps(room: Self.room(free: 100), policy: .stopFirst)
        #expect(makesRoom.refusal == nil)
        #expect(
            makesRoom.entries.contains {
                $0.text
                    == "take traffic from both colours: nginx answers 503, and nginx is reloaded"
                    && $0.commands == ["nginx -t", "nginx -s reload"]
            })
        #expect(makesRoom.entries.contains { $0.text == "stop the containers of blue" })
    }

    @Test("Changed files mean a reload, and so do the first ones")
    func reload() {
        let change = FileChange(path: "/f", before: nil, after: "a")
        for files in [[change], nil] {
            let entries = steps(files: files).entries
            #expect(entries.contains { $0.commands == ["nginx -t", "nginx -s reload"] })
        }
        #expect(!steps().entries.contains { $0.commands.contains("nginx -s reload") })
    }

    @Test("Files that a site includes are there from the start, and the first switch reloads")
    func first() {
        let entries = steps(files: nil, previous: nil).entries
        let reloading = entries.filter { $0.commands.contains("nginx -s reload") }
        #expect(reloading.map(\.phase) == ["preparing", "arming", "switching"])
        #expect(entries.contains { $0.text.hasSuffix("live to green, and nginx is reloaded") })
        let added = FileChange(path: "/n/shop/api.conf", before: nil, after: "a")
        let changed = FileChange(path: "/n/shop/http.conf", before: "", after: "a")
        let phases = { (entries: [PlannedSteps.Entry]) in
            entries.filter { $0.commands.contains("nginx -s reload") }.map(\.phase)
        }
        #expect(phases(steps(files: [added, changed]).entries) == ["preparing", "arming"])
        #expect(phases(steps(files: [changed]).entries) == ["arming"])
    }

    @Test("Hooks that run before the compose file is read come first")
    func openingHooks() {
        let hooks = Hooks(
            beforeStart: [Hook(["./log-in", "a b"]), Hook(["./migrate"], in: .service("web"))],
            afterRetire: [Hook(["./tell"])])
        let entries = steps(hooks: hooks).entries
        #expect(
            entries.map(\.text).filter { $0.contains("hook") } == [
                "run the before_start hook `./log-in 'a b'` on the host",
                "run the before_start hook `./migrate` in web",
                "run the after_retire hook `./tell`",
            ])
        #expect(entries[0].phase == "before start")
        #expect(entries[0].text.hasSuffix("on the host"))
    }

    @Test("nginx is called as teal.yml says that it is")
    func nginxCalls() {
        let change = FileChange(path: "/f", before: "", after: "a")
        let inside = steps(files: [change], nginx: NginxAccess(container: "proxy")).entries
        #expect(inside.contains { $0.commands.last == "docker exec proxy nginx -s reload" })
        let own = NginxAccess(config: "/srv/my nginx.conf", binary: "/opt/nginx")
        #expect(
            steps(files: [change], nginx: own).entries.contains {
                $0.commands == ["/opt/nginx -t", "/opt/nginx -s reload -c '/srv/my nginx.conf'"]
            })
    }
}
