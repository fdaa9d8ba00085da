/// One container that a deployment starts.
package struct PlannedReplica: Hashable, Sendable {
    package let service: PlannedService
    /// From 1.
    package let index: Int

    package init(_ service: PlannedService, _ index: Int) {
        self.service = service
        self.index = index
    }

    package var replica: Replica { Replica(service: service.name, index: index) }
}

extension Sequence<PlannedService> {
    /// Every container of the services, in start order.
    package var containers: [PlannedReplica] {
        flatMap { service in
            (1...Swift.max(service.replicas, 1)).map { PlannedReplica(service, $0) }
        }
    }
}
