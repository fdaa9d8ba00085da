import TestSupport
import Testing

/// The test's stories have the host to themselves: they restart Docker, prune images, or count what
/// every story adds to.
struct Alone: TestTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await StoryHost.$share.withValue(.alone, operation: function)
    }
}

extension Trait where Self == Alone {
    static var alone: Self { Self() }
}
