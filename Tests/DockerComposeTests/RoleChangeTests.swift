@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import FoundationEssentials
import Orchestration
import Testing

struct RoleChangeTests {
    private func container(
        _ service: String, _ role: ServiceRole, _ colour: Colour? = nil, state: String = "running"
    ) throws -> ListedContainer {
        let place = colour.map {
            #","teal.colour":"\#($0)","teal.release":"\#(Fixture.release)""#
        }
        let text = #"""
            {"Id": "1", "Names": ["/shop-\#(colour?.rawValue ?? "x")-\#(service)"],
             "ImageID": "i", "State": "\#(state)", "Status": "", "Labels": {"teal.app": "shop",
             "teal.service": "\#(service)", "teal.replica": "1",
             "teal.role": "\#(role.rawValue)"\#(place ?? "")}}
            """#
        return try JSONDecoder().decode(ListedContainer.self, from: Data(text.utf8))
    }

    private func changes(
        _ containers: [ListedContainer], now role: ServiceRole
    ) throws -> [String] {
        let set = try ContainerSet(
            project: Fixture.project(["a": ["image": "x"]]),
            settings: ["a": ServiceSettings(role: role)], release: Fixture.release)
        return set.roleChanges(among: containers, in: .green).map(\.message)
    }

    @Test("A shared container stands in the way of a coloured one, running or not")
    func sharedBefore() throws {
        #expect(
            try changes([container("a", .shared, state: "exited")], now: .internal) == [
                "a was shared and is internal in this release, and its container shop-x-a is "
                    + "still there. Remove it: `docker rm -f shop-x-a` (named volumes stay); what has "
                    + "traffic is without it until the new one runs."
            ])
    }

    @Test("Of coloured containers only one that runs in the other colour stands in the way")
    func colouredBefore() throws {
        let messages = try changes(
            [
                container("a", .internal, .green), container("a", .internal, .blue),
                container("a", .internal, .blue, state: "exited"),
            ], now: .shared)
        #expect(messages.count == 1)
        #expect(messages.first?.contains("still runs in blue") == true)
    }

    @Test("Between the coloured roles a service may change, and others are not looked at")
    func unchanged() throws {
        #expect(try changes([container("a", .internal, .blue)], now: .singleton) == [])
        #expect(try changes([container("a", .shared)], now: .shared) == [])
        #expect(try changes([container("gone", .shared)], now: .internal) == [])
    }
}
