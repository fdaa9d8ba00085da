/// Places that are taken for a while, some of them at a time. Who comes first gets his first, so that
/// one who needs many is not passed over for ever.
package actor Places {
    private var free: Int
    private var waiting: [Claim] = []

    private struct Claim {
        let need: Int
        let isServed: CheckedContinuation<Void, Never>
    }

    package init(_ count: Int) {
        free = count
    }

    /// Runs the body with so many places, and waits for them first.
    package nonisolated func hold<Result: Sendable>(
        _ need: Int = 1, _ body: () async throws -> Result
    ) async throws -> Result {
        await take(need)
        do {
            let result = try await body()
            await giveBack(need)
            return result
        } catch {
            await giveBack(need)
            throw error
        }
    }

    private func take(_ need: Int) async {
        guard free < need || !waiting.isEmpty else {
            free -= need
            return
        }
        await withCheckedContinuation { waiting.append(Claim(need: need, isServed: $0)) }
    }

    private func giveBack(_ count: Int) {
        free += count
        while let next = waiting.first, next.need <= free {
            free -= next.need
            waiting.removeFirst().isServed.resume()
        }
    }
}
