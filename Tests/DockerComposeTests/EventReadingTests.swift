@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import Orchestration
import Testing

@Suite("Events of containers, one after the other")
struct EventReadingTests {
    private static let labels = [
        "teal.service": "web", "teal.replica": "2", "teal.colour": "green",
        "teal.release": Fixture.release(1).text,
    ]
    private static let began = Timestamp(milliseconds: 1_795_210_445_000)

    private func event(
        _ action: String, after: Duration, code: Int? = nil, labels: [String: String] = labels
    ) -> EngineEvent {
        EngineEvent(
            action: action,
            actor: EngineEvent.Actor(
                id: "abc",
                attributes: labels.merging(code.map { ["exitCode": "\($0)"] } ?? [:]) { $1 }),
            nanoseconds: (Self.began + after).milliseconds * 1_000_000)
    }

    private func changes(_ events: EngineEvent...) -> [ContainerEvent.Change] {
        var reading = EventReading(since: Self.began)
        return events.compactMap { reading.read($0)?.change }
    }

    @Test("An event names replica, placement, container and moment")
    func names() {
        var reading = EventReading(since: Self.began)
        #expect(
            reading.read(event("start", after: .seconds(1)))
                == ContainerEvent(
                    id: "abc", replica: Replica(service: "web", index: 2),
                    placement: Placement(colour: .green, release: Fixture.release(1)),
                    change: .started, at: Self.began + .seconds(1)))
    }

    @Test("A container that ends by itself was not asked to, and one that got a signal was")
    func asked() {
        #expect(
            changes(event("die", after: .zero, code: 1)) == [
                .ended(exitCode: 1, isOutOfMemory: false, isAskedFor: false)
            ])
        #expect(
            changes(
                event("kill", after: .zero), event("die", after: .seconds(3), code: 0),
                event("start", after: .seconds(4)), event("die", after: .seconds(5), code: 1))
                == [
                    .signalled, .ended(exitCode: 0, isOutOfMemory: false, isAskedFor: true),
                    .started, .ended(exitCode: 1, isOutOfMemory: false, isAskedFor: false),
                ])
    }

    @Test(
        "A signal from before anybody listened counts and is not told, and an old one does not count"
    )
    func before() {
        let end = ContainerEvent.Change.ended(
            exitCode: 143, isOutOfMemory: false, isAskedFor: true)
        #expect(
            changes(
                event("kill", after: .seconds(-5)), event("die", after: .seconds(1), code: 143))
                == [end])
        #expect(
            changes(
                event("kill", after: .zero), event("die", after: .seconds(61), code: 143))
                == [.signalled, .ended(exitCode: 143, isOutOfMemory: false, isAskedFor: false)])
    }

    @Test("An end soon after an OOM kill is told as such")
    func outOfMemory() {
        #expect(
            changes(
                event("oom", after: .zero), event("die", after: .milliseconds(40), code: 137))
                == [
                    .ranOutOfMemory, .ended(exitCode: 137, isOutOfMemory: true, isAskedFor: false),
                ])
        #expect(
            changes(event("oom", after: .zero), event("die", after: .seconds(6), code: 1)).last
                == .ended(exitCode: 1, isOutOfMemory: false, isAskedFor: false))
    }

    @Test("Docker's own verdicts are told, and what is no replica is not")
    func others() {
        #expect(
            changes(
                event("health_status: healthy", after: .zero),
                event("health_status: unhealthy", after: .seconds(1)),
                event("health_status: odd", after: .seconds(1)))
                == [.checked(.healthy), .checked(.unhealthy)])
        #expect(changes(event("die", after: .zero, code: 0, labels: ["teal.app": "shop"])).isEmpty)
    }
}
