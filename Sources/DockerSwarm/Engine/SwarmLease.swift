import BlueGreen
package import DockerEngine
import FoundationEssentials
package import Orchestration

/// The right to write to one app, among the runs on all managers: the config `APP-lease`.
///
/// It names its holder and the time until which it holds. A holder that lives renews it; one that
/// was killed loses it by the clock, or to the next run on its own node, where the lock of the app
/// lets in one run at a time.
package struct SwarmLease: Sendable {
    private let name: String
    private let app: String
    private let api: SwarmAPI
    private let clock: any WallClock

    private static let term = Duration.seconds(60)
    private static let renewal = Duration.seconds(15)
    private static let until = "teal.until"
    private static let node = "teal.node"
    private static let holder = "teal.holder"

    package init(app: String, api: EngineAPI, clock: any WallClock) {
        self.app = app
        name = "\(app)-lease"
        self.api = SwarmAPI(engine: api, clock: clock)
        self.clock = clock
    }

    /// Runs the body while this run has the lease.
    ///
    /// - Parameter onWait: called once, before the first wait, with who has it.
    /// - Throws: `SwarmError.leased` where another run has it for longer than the limit.
    package func holding<Result: Sendable>(
        _ holder: LockHolder, waitingAtMost limit: Duration, onWait: (String) -> Void,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let facts = try await api.facts()
        var own = Own(
            run: EdgeClaim().run, node: facts["NodeID"]?.string ?? "", holder: holder)
        own.holder.host = facts["NodeAddr"]?.string
        try await take(own, waitingAtMost: limit, onWait: onWait)
        do {
            // Cancelled, and awaited, when the body has ended.
            async let _: Void = renew(own)
            let result = try await body()
            await giveBack(own)
            return result
        } catch {
            await giveBack(own)
            throw error
        }
    }

    private struct Own: Sendable {
        let run: String
        let node: String
        var holder: LockHolder
    }

    /// The run on another manager that has the lease now; nil where there is none, or nobody can
    /// tell.
    package func holder() async -> LockHolder? {
        var api = api
        // Another leader is waited for by those that need one.
        api.patience = .zero
        // Without a majority no run goes on, wherever it is.
        guard let found = try? await api.config(name), !isOver(found),
            let node = try? await api.facts()["NodeID"]?.string, node != found.label(Self.node)
        else { return nil }
        return Self.holder(of: found)
    }

    private static func holder(of config: SwarmConfig) -> LockHolder? {
        // A later Teal may say it in another way.
        config.label(holder).flatMap {
            try? JSONDecoder().decode(LockHolder.self, from: Data($0.utf8))
        }
    }

    private func labels(_ own: Own) throws -> [String: String] {
        let holder = String(decoding: try JSONEncoder().encode(own.holder), as: UTF8.self)
        return [
            ResourceLabel.app: app, EdgeClaim.label: own.run, Self.node: own.node,
            Self.holder: holder, Self.until: "\((clock.now + Self.term).milliseconds)",
        ]
    }

    private func take(
        _ own: Own, waitingAtMost limit: Duration, onWait: (String) -> Void
    ) async throws {
        let deadline = clock.now + limit
        var isFirst = true
        while true {
            guard let found = try await api.config(name) else {
                if try await api.createConfig(name, labels: try labels(own)) { return }
                continue
            }
            guard found.label(ResourceLabel.app) == app else {
                throw SwarmError.foreignConfig(name)
            }
            if isFree(found, for: own) {
                if try await api.update(found, labels: try labels(own)) { return }
                continue
            }
            let other = Self.holder(of: found)?.description ?? "a run on another manager"
            guard clock.now < deadline else {
                throw SwarmError.leased(app: app, by: other)
            }
            if isFirst { onWait(other) }
            isFirst = false
            try await clock.sleep(until: min(deadline, clock.now + .milliseconds(500)))
        }
    }

    private func isFree(_ config: SwarmConfig, for own: Own) -> Bool {
        config.label(Self.node) == own.node || isOver(config)
    }

    private func isOver(_ config: SwarmConfig) -> Bool {
        guard let text = config.label(Self.until), let until = Int64(text) else { return true }
        return Timestamp(milliseconds: until) < clock.now
    }

    /// A run that has lost it can move no traffic: the edges bear another one's claim. So a failure
    /// here is met where it matters.
    private func renew(_ own: Own) async {
        while !Task.isCancelled {
            do {
                try await clock.sleep(until: clock.now + Self.renewal)
                guard let found = try await api.config(name),
                    found.label(EdgeClaim.label) == own.run
                else { return }
                _ = try await api.update(found, labels: try labels(own))
            } catch {
                continue
            }
        }
    }

    /// One that is not given back ends by itself.
    private func giveBack(_ own: Own) async {
        guard let found = try? await api.config(name), found.label(EdgeClaim.label) == own.run
        else { return }
        try? await api.remove(found)
    }
}
