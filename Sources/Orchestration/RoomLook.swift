package import BlueGreen

/// Compares what a candidate needs of memory with what the host has.
package struct RoomLook: Sendable {
    private let ports: Ports

    package init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Parameters:
    ///   - candidate: nil where nothing is to be replaced, as when only looked at.
    ///   - previous: who has traffic.
    ///   - reserve: what must stay free.
    package func report(
        _ services: [PlannedService], candidate: Placement?, previous: Placement?,
        reserve: ByteCount
    ) async throws -> RoomReport {
        let containers = try await ports.engine.containers()
        let use = try await ports.engine.memoryUse()
        let peaks = try await ports.store.memoryPeaks()
        let sample = try await ports.gauge.sample()
        func held(_ isMeant: (Container) -> Bool) -> ByteCount {
            containers.filter(isMeant).compactMap { use[$0.id] }.total
        }
        // A singleton takes the place of its old copy, and a shared service that runs stays.
        let inPlace = Set(
            containers.filter { container in
                container.state == .running
                    && (container.role == .shared || container.placement == previous)
            }.map(\.replica.service))
        let needs = services.filter { service in
            switch service.role {
            case .exposed, .internal: true
            case .shared, .singleton: !inPlace.contains(service.name)
            }
        }.map { RoomNeed($0, seen: peaks[$0.name]) }
        return RoomReport(
            needs: needs, memoryAvailable: sample.memoryAvailable, swapFree: sample.swapFree,
            freed: held { container in
                candidate != nil && container.placement != nil
                    && container.placement?.colour == candidate?.colour
                    && container.placement != candidate
            },
            heldByPrevious: held { previous != nil && $0.placement == previous },
            reserve: reserve)
    }
}
