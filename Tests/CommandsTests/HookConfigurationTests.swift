import BlueGreen
import Testing

@testable import Commands

@Suite("Hooks in teal.yml")
struct HookConfigurationTests {
    private func hooks(_ yaml: String, _ environment: [String: String] = [:]) throws -> Hooks {
        try AppConfiguration(
            yaml: "app: shop\nservices: {web: {port: 80}}\nhooks: \(yaml)", file: "teal.yml",
            environment: environment
        ).deployment.hooks
    }

    @Test("A hook is a list of words on the host, or says where it runs and how long it may")
    func forms() throws {
        let found = try hooks(
            """
            {before_start: [[./login.sh]], before_switch: [{run: [./migrate, --all], in: web}],
              after_switch: [{run: [curl, "http://x/?a=1 2"], timeout: 10s}], after_retire: []}
            """)
        #expect(
            found
                == Hooks(
                    beforeStart: [Hook(["./login.sh"])],
                    beforeSwitch: [Hook(["./migrate", "--all"], in: .service("web"))],
                    afterSwitch: [Hook(["curl", "http://x/?a=1 2"], timeout: .seconds(10))]))
        #expect(found[.beforeStart][0].timeout == .seconds(300))
    }

    @Test("No hooks are as good as none at all", arguments: ["", "{}", "{before_start: }"])
    func none(_ yaml: String) throws {
        #expect(try hooks(yaml).isEmpty)
    }

    @Test("A variable is put into a word and never makes two of it")
    func variables() throws {
        let found = try hooks(
            "{before_start: [[echo, \"${NAME}\", $$HOME]]}", ["NAME": "a b; rm -rf /"])
        #expect(found[.beforeStart] == [Hook(["echo", "a b; rm -rf /", "$HOME"])])
    }

    @Test(
        "What is no hook is refused with an example",
        arguments: [
            ("[]", "hooks must be a mapping"),
            ("{before_begin: []}", "hooks knows before_start, before_switch"),
            ("{before_strat: []}", "did you mean \"before_start\"?"),
            ("{before_start: ./login.sh}", "hooks.before_start must be a list of hooks"),
            ("{before_start: [./a b]}", "hooks.before_start[0] must be a list of words"),
            ("{before_start: [./a b]}", "(no shell reads them), as in `[./migrate, --all]`"),
            ("{before_start: [./migrate, --all]}", "a list of words alone: write [[...]]"),
            ("{before_start: [[]]}", "hooks.before_start[0] must be a list of words"),
            ("{before_start: [[a, [b]]]}", "hooks.before_start[0][1] must be a list of words"),
            ("{before_start: [[\"a\\0\"]]}", "holds a NUL character"),
            ("{before_start: [{run: web ./migrate}]}", "as in `run: [./migrate, --all]`"),
            ("{before_start: [{in: web}]}", "must say what to run, as in `{run: [./migrate"),
            ("{before_start: [{run: [a], in: \"a b\"}]}", "a service's name"),
            ("{before_start: [{run: [a], timeout: 5}]}", "as in `timeout: 2m`"),
            ("{before_start: [{run: [a], timeout: 0s}]}", "between 100ms and 24h"),
            ("{before_start: [{run: [a], at: web}]}", "knows run, in, timeout"),
        ])
    func refused(_ yaml: String, _ expected: String) {
        let found = mistakes("app: shop\nservices: {web: {port: 80}}\nhooks: \(yaml)")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    @Test("A service that has no container in a colour is refused, with the name that was meant")
    func services() throws {
        let configuration = try AppConfiguration(
            yaml: """
                app: shop
                services: {web: {port: 80}}
                hooks:
                  before_switch:
                    - [true]
                    - {run: [a], in: wbe}
                    - {run: [a], in: db}
                    - {run: [a], in: worker}
                    - {run: [a], in: api}
                """, file: "teal.yml", environment: [:])
        let plan = [
            PlannedService(name: "web", role: .exposed, port: 80),
            PlannedService(name: "api", role: .internal),
            PlannedService(name: "db", role: .shared),
            PlannedService(name: "worker", role: .singleton),
        ]
        let error = try #require(throws: CommandsError.self) {
            try configuration.checkHooks(against: plan)
        }
        let lines = error.description.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(
            lines[0]
                == "teal.yml:6:22: hooks.before_switch[1].in: the service \"wbe\" is not in the "
                + "compose file, did you mean \"web\"?")
        #expect(lines[1].contains("\"db\" is shared"))
        #expect(lines[2].contains("\"worker\" is a singleton"))
        #expect(ExitStatus(error) == .badConfiguration)
    }
}
