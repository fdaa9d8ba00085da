@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import FoundationEssentials
import Orchestration
import TestSupport
import Testing

@Suite("Endings of containers")
struct EndingTests {
    private let web = Replica(service: "web", index: 1)

    private func event(
        _ action: String, after wait: Duration = .zero, of id: String = "a", code: String? = nil,
        labels: [String: String] = ["teal.service": "web", "teal.replica": "1"]
    ) -> EngineEvent {
        var attributes = labels
        attributes["exitCode"] = code
        return EngineEvent(
            action: action, actor: EngineEvent.Actor(id: id, attributes: attributes),
            nanoseconds: (Sample.moment + wait).milliseconds * 1_000_000 + 999_999)
    }

    private func ending(
        _ code: Int?, after wait: Duration = .zero, outOfMemory: Bool = false
    ) -> ContainerEnding {
        ContainerEnding(
            replica: web, placement: nil, exitCode: code, isOutOfMemory: outOfMemory,
            at: Sample.moment + wait)
    }

    private func endings(
        _ events: [EngineEvent], askedAfter wait: Duration = .seconds(60)
    ) -> [ContainerEnding] {
        ContainerEnding.all(in: events, until: Sample.moment + wait)
    }

    @Test("An event is read as the engine writes it")
    func decoding() throws {
        let line = """
            {"status":"die","id":"549a","from":"teal/demo-shop:v1","Type":"container",\
            "Action":"die","Actor":{"ID":"549a","Attributes":{"exitCode":"137",\
            "teal.service":"web","teal.replica":"1"}},"scope":"local","time":1795210445,\
            "timeNano":1795210445000999999}
            """
        let read = try JSONDecoder().decode(EngineEvent.self, from: Data(line.utf8))
        #expect(read == event("die", of: "549a", code: "137"))
        #expect(read.at == Sample.moment)
    }

    @Test("Each end is told, with its code, oldest first")
    func ends() {
        let events = [
            event("die", code: "0"), event("die", after: .seconds(1), code: "3"),
        ]
        #expect(endings(events) == [ending(0), ending(3, after: .seconds(1))])
    }

    @Test(
        "An OOM kill belongs to the end that it brings, on whichever side it is told",
        arguments: [[0, 40], [40, 0]])
    func kill(_ moments: [Int]) {
        let events = [
            event("oom", after: .milliseconds(moments[0])),
            event("die", after: .milliseconds(moments[1]), code: "137"),
        ]
        let sorted = events.sorted { $0.at < $1.at }
        #expect(
            endings(sorted) == [
                ending(137, after: .milliseconds(moments[1]), outOfMemory: true)
            ])
    }

    @Test("A kill that its container lives through is told without a code")
    func child() {
        let events = [
            event("oom"), event("die", after: .seconds(1), of: "b", code: "1"),
            event("die", after: .seconds(9), code: "0"),
        ]
        #expect(
            endings(events) == [
                ending(nil, outOfMemory: true), ending(1, after: .seconds(1)),
                ending(0, after: .seconds(9)),
            ])
    }

    @Test("What a kill brings is waited for")
    func patience() {
        #expect(endings([event("oom")], askedAfter: .milliseconds(999)) == [])
        #expect(
            endings([event("oom")], askedAfter: .seconds(1)) == [ending(nil, outOfMemory: true)])
    }

    @Test("A container that is killed again and again is told each time")
    func loop() {
        let events = [
            event("oom"), event("die", after: .milliseconds(40), code: "137"),
            event("oom", after: .milliseconds(800)),
            event("die", after: .milliseconds(840), code: "137"),
        ]
        #expect(
            endings(events) == [
                ending(137, after: .milliseconds(40), outOfMemory: true),
                ending(137, after: .milliseconds(840), outOfMemory: true),
            ])
    }

    @Test(
        "A24: With cgroup v1 a kill is told of all containers; those that lost no process are left out"
    )
    func falseAlarms() {
        let events = [
            event("oom"), event("oom", of: "b"), event("oom", of: "c"),
            event("die", after: .milliseconds(40), of: "b", code: "137"),
        ]
        let found = ContainerEnding.all(
            in: events, unharmed: ["c", "b"], until: Sample.moment + .seconds(60))
        // The one that ended was started again since, so that its count began anew.
        #expect(
            found == [
                ending(nil, outOfMemory: true),
                ending(137, after: .milliseconds(40), outOfMemory: true),
            ])
    }

    @Test("An end that the engine was asked for is told from one that it was not asked for")
    func asked() {
        let events = [
            event("kill"), event("die", after: .seconds(10), code: "137"),
            event("die", after: .seconds(12), of: "b", code: "137"),
        ]
        #expect(endings(events).map(\.isAskedFor) == [true, false])
    }

    @Test("An ending tells whose container it was; a shared one is nobody's")
    func placement() {
        let labels = [
            "teal.service": "web", "teal.replica": "1", "teal.colour": "green",
            "teal.release": Fixture.release(2).text,
        ]
        let events = [event("die", code: "1", labels: labels), event("die", code: "1")]
        #expect(
            endings(events).map(\.placement)
                == [Placement(colour: .green, release: Fixture.release(2)), nil])
    }

    @Test("A container in which a hook ran is no replica")
    func hook() {
        let events = [event("die", code: "1", labels: ["teal.hook": "web"])]
        #expect(endings(events) == [])
    }
}
