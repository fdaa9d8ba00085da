/// Places that are taken for a while, some of them at a time. Who comes first gets his first, so that
/// one who needs many is not passed over for ever; a claim that makes all others wait goes before them.
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

    /// Runs the body with so many places, and waits for them first: before all that wait already, if
    /// it is urgent.
    package nonisolated func hold<Result: Sendable>(
        _ need: Int = 1, urgent: Bool = false, _ body: () async throws -> Result
    ) async throws -> Result {
        await take(need, urgent: urgent)
        do {
            let result = try await body()
            await giveBack(need)
            return result
        } catch {
            await giveBack(need)
            throw error
        }
    }

    private func take(_ need: Int, urgent: Bool) async {
        guard free < need || !(waiting.isEmpty || urgent) else {
            free -= need
            return
        }
        await withCheckedContinuation {
            waiting.insert(Claim(need: need, isServed: $0), at: urgent ? 0 : waiting.count)
        }
    }

    private func giveBack(_ count: Int) {
        free += count
        while let next = waiting.first, next.need <= free {
            free -= next.need
            waiting.removeFirst().isServed.resume()
        }
    }
}
