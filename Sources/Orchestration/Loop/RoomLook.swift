package import BlueGreen

/// Compares a candidate's need for memory with the host's.
package struct RoomLook: Sendable {
    private let ports: Ports

    package init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Parameters:
    ///   - candidate: nil where nothing is to be replaced, as when only looked at.
    ///   - previous: who has traffic.
    ///   - reserve: memory that must stay free.
    package func report(
        _ services: [PlannedService], candidate: Placement?, previous: Placement?,
        reserve: ByteCount
    ) async throws -> RoomReport {
        let containers = try await ports.engine.containers()
        return try await report(
            services, candidate: candidate, previous: previous, reserve: reserve,
            among: containers, use: try await ports.engine.memoryUse())
    }

    /// - Parameters:
    ///   - containers: those of the app.
    ///   - use: the memory that they hold, by container id.
    func report(
        _ services: [PlannedService], candidate: Placement?, previous: Placement?,
        reserve: ByteCount, among containers: [Container], use: [String: ByteCount]
    ) async throws -> RoomReport {
        let seen = try await ports.store.memoryUses()
        let sample = try await ports.gauge.sample()
        func held(_ isMeant: (Container) -> Bool) -> ByteCount {
            containers.filter(isMeant).compactMap { use[$0.id] }.total
        }
        let running = containers.filter { $0.state == .running }
        // A deploy has recorded this before it looks; `teal status` and `teal plan` have not.
        let current = Dictionary(
            running.compactMap { container in
                use[container.id].map { (container.replica.service, MemoryUse(held: $0)) }
            }, uniquingKeysWith: { $0.merged(with: $1) })
        let known = seen.merging(current) { $0.merged(with: $1) }
        let replaced = running.filter { $0.placement != nil && $0.placement == previous }
        // One release's word makes a singleton, which takes the place of its old copy, and its
        // memory.
        let singletons = services.singletonNames.union(
            replaced.filter { $0.role == .singleton }.map(\.replica.service))
        let handedOver = Set(replaced.map(\.replica.service))
            .intersection(services.filter { $0.runsOnce(beside: singletons) }.map(\.name))
        let needs = services.compactMap { service -> RoomNeed? in
            let inPlace = running.filter { container in
                guard container.replica.service == service.name else { return false }
                return service.role == .shared
                    ? container.role == .shared
                    : candidate != nil && container.placement == candidate
            }
            let missing = max(service.replicas, 1) - inPlace.count
            guard missing > 0 else { return nil }
            guard handedOver.contains(service.name) else {
                return RoomNeed(service, missing: missing, seen: known[service.name])
            }
            let need = RoomNeed(service, missing: 0, seen: known[service.name])
            return need.atStart > .zero ? need : nil
        }
        return RoomReport(
            needs: needs, memoryAvailable: sample.memoryAvailable, swapFree: sample.swapFree,
            freed: held { container in
                candidate != nil && container.placement?.colour == candidate?.colour
                    && container.placement != candidate
            },
            heldByPrevious: held { container in
                previous != nil && container.placement == previous
                    && !handedOver.contains(container.replica.service)
            },
            reserve: reserve)
    }
}

/// The host's free memory, and whether another set of the active release would fit.
package enum HostRoom: Sendable {
    /// The report is nil where no release has traffic.
    case seen(HostSample, RoomReport?)
    /// Why it could not be looked at.
    case unseen(String)

    /// - Parameter reserve: memory that must stay free.
    /// - Throws: nothing but `CancellationError`.
    static func look(
        _ ports: Ports, at situation: Situation, _ services: [PlannedService],
        reserve: ByteCount
    ) async throws -> HostRoom {
        guard ports.engine.runsOnThisHost else {
            return .unseen("\(ports.engine.name) places the containers")
        }
        do {
            var report: RoomReport?
            if let active = situation.active {
                report = try await RoomLook(ports).report(
                    services, candidate: situation.nextPlacement(at: ports.clock.now),
                    previous: active, reserve: reserve)
            }
            return .seen(try await ports.gauge.sample(), report)
        } catch let error where !(error is CancellationError) {
            return .unseen("\(error)")
        }
    }
}

extension Situation {
    /// Where a release that is deployed at this moment would go. Its id stands for one that no
    /// container has.
    package func nextPlacement(at now: Timestamp) -> Placement {
        Placement(
            colour: live?.other ?? .blue, release: ReleaseID(at: now, entropy: 0))
    }
}

/// The memory of one app and of its host, for figures.
package struct MemoryLook: Sendable {
    package let sample: HostSample
    /// By container id.
    package let use: [String: ByteCount]
    /// nil where no release has traffic.
    package let room: RoomReport?

    /// - Parameter reserve: memory that must stay free.
    package static func look(
        _ ports: Ports, at situation: Situation, reserve: ByteCount
    ) async throws -> MemoryLook {
        let use = try await ports.engine.memoryUse()
        var room: RoomReport?
        if let active = situation.active, let services = situation.services(of: active) {
            room = try await RoomLook(ports).report(
                services, candidate: situation.nextPlacement(at: ports.clock.now),
                previous: active, reserve: reserve, among: situation.containers, use: use)
        }
        return MemoryLook(sample: try await ports.gauge.sample(), use: use, room: room)
    }
}
