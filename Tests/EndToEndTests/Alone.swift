import TestSupport
import Testing

/// The stories of the test, or of each test of the suite, have the host to themselves: they restart
/// Docker, prune images, or count what every story adds to, as the host's free memory.
struct Alone: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await StoryHost.$share.withValue(.alone, operation: function)
    }
}

extension Trait where Self == Alone {
    static var alone: Self { Self() }
}
