/// Keeps apart who restarts the tests' Docker and who relies on it: one at a time.
package actor DockerTurn {
    package static let shared = DockerTurn()

    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package nonisolated func hold<Result: Sendable>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        await take()
        do {
            let result = try await body()
            await giveBack()
            return result
        } catch {
            await giveBack()
            throw error
        }
    }

    private func take() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack() {
        if waiting.isEmpty {
            isTaken = false
        } else {
            waiting.removeFirst().resume()
        }
    }
}
