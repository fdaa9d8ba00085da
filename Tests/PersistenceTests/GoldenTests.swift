import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Persistence

@Suite("Records of every format")
struct GoldenTests {
    private func decode<Record: Decodable>(_ type: Record.Type, _ text: String) throws -> Record {
        try RecordText.decode(type, from: text, name: "record", path: "/x")
    }

    @Test("A stored deployment of format 1 is read for ever")
    func deployment() throws {
        let read = try decode(Deployment.self, Golden.deploymentText)
        #expect(read.number == 7)
        #expect(read.kind == .deploy)
        #expect(read.candidate == Placement(colour: .green, release: Sample.release(0x3f9c)))
        #expect(read.previous == Placement(colour: .blue, release: Sample.release(1)))
        #expect(read.label == "v1.2")
        #expect(read.services == [Golden.services[0]])
        #expect(read.previousServices == nil)
        #expect(read.settings == DeploymentSettings(previous: .stopped))
        #expect(read.startedAt == Sample.moment)
        #expect(read.finishedAt == Sample.moment + .seconds(15))
        #expect(read.phase == .finished(.rolledBack))
        #expect(
            read.phases.map(\.name) == [
                "preparing", "starting", "probing", "arming", "switching", "confirming",
                "switching back", "confirming back", "cleaning up", "rolledBack",
            ])
        #expect(read.phases.last?.at == Sample.moment + .seconds(15))
        #expect(
            read.failure
                == Failure(
                    .unhealthy(Replica(service: "web", index: 1)), "green web-1 answered 503.",
                    logLines: ["no database"]))
        #expect(read.warnings == ["web drops container_name."])
        #expect(!read.stopsFirst && !read.hasMadeRoom)
    }

    @Test("A run of format 1 that died in a pause is taken up by what the link says")
    func unfinished() throws {
        let finished = #""phase":{"finished":{"_0":"rolledBack"}}"#
        let pausing = #""phase":{"pausing":{"_0":1,"until":1795210445000}}"#
        let text = Golden.deploymentText.replacing(finished, with: pausing)
        for (live, step) in [
            (Colour.blue, Step.cleanUp(.green)), (.green, .switchTraffic(to: .green)),
        ] {
            var read = try decode(Deployment.self, text)
            read.recover(live: live, at: Sample.moment)
            #expect(read.nextStep(at: Sample.moment) == step)
        }
    }

    @Test("A stored release of format 1 is read for ever, and is still written so")
    func release() throws {
        #expect(try decode(Release.self, Golden.releaseText) == Golden.release)
        #expect(try RecordText.encode(Golden.release) == Golden.releaseText)
    }

    @Test("A stored deployment and a release of format 2 are read for ever")
    func formatTwo() throws {
        let read = try decode(Deployment.self, GoldenFormatTwo.deploymentText)
        #expect(read == GoldenFormatTwo.deployment)
        #expect(read.phase == .restoring(.probing(1)))
        #expect(read.stopsFirst && read.hasMadeRoom)
        #expect(read.settings.settle.memoryFree == .mebibytes(96))
        #expect(
            try decode(Release.self, GoldenFormatTwo.releaseText) == GoldenFormatTwo.release)
    }

    @Test("What is written today is what an older Teal of the same format can read")
    func written() throws {
        #expect(
            try RecordText.encode(GoldenFormatTwo.deployment) == GoldenFormatTwo.deploymentText)
        #expect(try RecordText.encode(GoldenFormatTwo.release) == GoldenFormatTwo.releaseText)
    }

    @Test(
        "Every phase is read for ever", arguments: GoldenPhases.formatOne + GoldenPhases.formatTwo)
    func phase(text: String, phase: Phase) throws {
        #expect(try RecordText.encode(phase) == text)
        #expect(try decode(Phase.self, text) == phase)
    }
}
