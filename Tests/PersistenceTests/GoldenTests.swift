import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Persistence

@Suite("Records of format 1")
struct GoldenTests {
    private func decode<Record: Decodable>(_ type: Record.Type, _ text: String) throws -> Record {
        try RecordText.decode(type, from: text, name: "record", path: "/x")
    }

    @Test(
        "A deployment is read from its golden file, and is still written so",
        arguments: ["restoring", "waiting", "breached"])
    func deployment(_ name: String) throws {
        let deployment = try #require(Golden.deployments[name])
        let text = try Golden.text(name, of: deployment)
        #expect(try decode(Deployment.self, text) == deployment)
        #expect(try RecordText.encode(deployment) == text)
    }

    @Test("A release is read from its golden file, and is still written so")
    func release() throws {
        let text = try Golden.text("release", of: Golden.release)
        #expect(try decode(Release.self, text) == Golden.release)
        #expect(try RecordText.encode(Golden.release) == text)
    }

    @Test("A deployment is read back as it was written, wherever its run died")
    func everyStep() throws {
        let previous = Placement(colour: .blue, release: Sample.release(1))
        let careful = DeploymentSettings(
            hooks: Hooks(beforeSwitch: [Hook(["smoke"])]), bake: Bake(),
            canary: Canary(steps: [Share(percent: 12.5)]),
            promotion: .manual(within: .seconds(3600)))
        for kind in [DeploymentKind.deploy, .warmRollback, .coldRollback] {
            for settings in [DeploymentSettings(), careful] {
                var deployment = Sample.deployment(
                    kind: kind, previous: previous,
                    services: [Sample.api, Sample.web, Sample.worker], settings: settings)
                var now = Sample.moment
                while deployment.outcome == nil {
                    let read = try decode(Deployment.self, RecordText.encode(deployment))
                    #expect(read == deployment)
                    now = now + .seconds(60)
                    deployment.carryOn(at: now)
                }
                let read = try decode(Deployment.self, RecordText.encode(deployment))
                #expect(read == deployment)
                #expect(deployment.outcome == .promoted)
            }
        }
    }
}
