/// How much of the host a story takes while it is told. `Story.tell` alone makes stories, and it waits
/// here, so that no story escapes the rule.
package enum StoryHost: Sendable {
    /// A lane beside other stories. All that the story touches is its own: app, containers, networks
    /// and images by the app's name; nginx, ports, folder and state by the story.
    case lane
    /// All lanes, since it touches what others use too: Docker itself or everybody's images.
    case alone

    /// Stories wait for most of their time. Three of them keep two cores about busy.
    private static let lanes = 3

    /// What the story that is about to be told takes.
    @TaskLocal package static var share = StoryHost.lane

    private static let places = Places(lanes)

    static func hold(_ body: () async throws -> Void) async throws {
        switch share {
        case .lane: try await places.hold(1, body)
        case .alone: try await places.hold(lanes, body)
        }
    }
}

extension Story {
    /// Fails a story that is about to do this beside others.
    func requireHost(_ act: String) throws {
        guard host == .alone else { throw StoryError.notAlone(act) }
    }
}

/// Keeps the tests' Docker apart from tests without a story while it is restarted or pruned. A story
/// that does so holds up all lanes, and is urgent therefore.
package enum DockerTurn {
    package static let shared = Places(1)
}
