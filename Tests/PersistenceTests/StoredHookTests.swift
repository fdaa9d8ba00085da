import BlueGreen
import TestSupport
import Testing

@testable import Persistence

@Suite("Hooks in records")
struct StoredHookTests {
    private func decode<Record: Decodable>(_ type: Record.Type, _ text: String) throws -> Record {
        try RecordText.decode(type, from: text, name: "record", path: "/x")
    }

    @Test(
        "A phase in which a hook ran is read for ever",
        arguments: [
            (#"{"runningHook":{"_0":"before_start","_1":0}}"#, Phase.runningHook(.beforeStart, 0)),
            (#"{"runningHook":{"_0":"before_switch","_1":2}}"#, .runningHook(.beforeSwitch, 2)),
            (#"{"runningHook":{"_0":"after_switch","_1":0}}"#, .runningHook(.afterSwitch, 0)),
            (#"{"runningHook":{"_0":"after_retire","_1":1}}"#, .runningHook(.afterRetire, 1)),
            (#"{"verifyingAgain":{}}"#, .verifyingAgain),
        ])
    func phase(text: String, phase: Phase) throws {
        #expect(try RecordText.encode(phase) == text)
        #expect(try decode(Phase.self, text) == phase)
    }

    @Test("The hooks of a deployment are kept with it, and read for ever")
    func hooks() throws {
        let hooks = Hooks(
            beforeStart: [Hook(["login"])],
            afterSwitch: [Hook(["./look", "-a"], in: .service("web"), timeout: .seconds(2))])
        let text = """
            {"after_switch":[{"place":{"service":{"_0":"web"}},"timeout":[0,\
            2000000000000000000],"words":["./look","-a"]}],\
            "before_start":[{"place":{"host":{}},"timeout":[16,4852094820647174144],\
            "words":["login"]}]}
            """
        #expect(try RecordText.encode(hooks) == text)
        #expect(try decode(Hooks.self, text) == hooks)
        let settings = DeploymentSettings(hooks: hooks)
        #expect(try decode(DeploymentSettings.self, RecordText.encode(settings)) == settings)
    }

    @Test("Settings of before there were hooks have none, and are still written so")
    func without() throws {
        let text = try RecordText.encode(DeploymentSettings())
        #expect(!text.contains("hooks"))
        #expect(try decode(DeploymentSettings.self, text).hooks.isEmpty)
    }
}
