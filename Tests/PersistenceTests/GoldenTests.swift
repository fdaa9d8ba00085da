import BlueGreen
import Orchestration
import Testing

@testable import Persistence

@Suite("Records of format version 1")
struct GoldenTests {
    @Test("A stored deployment of format 1 is read for ever")
    func deployment() throws {
        let read = try RecordText.decode(
            Deployment.self, from: Golden.deploymentText, name: "deployment 7", path: "/x")
        #expect(read == Golden.deployment)
        #expect(read.outcome == .rolledBack)
    }

    @Test("A stored release of format 1 is read for ever")
    func release() throws {
        let read = try RecordText.decode(
            Release.self, from: Golden.releaseText, name: "release", path: "/x")
        #expect(read == Golden.release)
    }

    @Test("What is written today is what an older Teal of the same format can read")
    func written() throws {
        #expect(try RecordText.encode(Golden.deployment) == Golden.deploymentText)
        #expect(try RecordText.encode(Golden.release) == Golden.releaseText)
    }

    @Test("Every phase of format 1 is read for ever", arguments: Golden.phases)
    func phase(text: String, phase: Phase) throws {
        #expect(try RecordText.encode(phase) == text)
        #expect(try RecordText.decode(Phase.self, from: text, name: "phase", path: "/x") == phase)
    }
}
