package import BlueGreen

/// Asks a service by way of the running nginx, so that a broken edge is told from a broken app.
package protocol EdgeProbe: Sendable {
    /// One request like that of the service's own check. Where the check is no request to the
    /// service's port, a connection of nginx's to it is a pass.
    ///
    /// Always answers within a few seconds beyond the check's timeout. Nothing counts it: neither
    /// a watch nor a limit of nginx's.
    func probe(_ service: PlannedService, through target: EdgeTarget) async -> EdgeResult
}

/// Where nginx sends a probe.
package enum EdgeTarget: Hashable, Sendable {
    /// The colour that the workers give all requests, or the most of them in a canary, also while
    /// visitors get the page of maintenance.
    case live
    /// Whether or not it has traffic.
    case colour(Colour)
}

/// The finding of one probe through nginx.
package enum EdgeResult: Hashable, Sendable {
    case passed
    /// The request did not get to a container.
    case brokenEdge(EdgeFault)
    /// A container took the request, and did not answer as its check expects.
    case brokenApp(ProbeFailure)
}

/// Why nginx did not get to a container.
package struct EdgeFault: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// nginx itself could not be asked.
        case silent
        /// nginx has no address of the service there, or no colour has traffic.
        case unrouted
        /// No container took nginx's connection.
        case unconnected
    }

    package let kind: Kind
    /// A predicate to nginx: `could not connect to 10.213.6.10:8080`.
    package let predicate: String
    /// Whole sentences.
    package let remedy: String
    /// A failure of all hosts together; nil for one of nginx or of its way to the container.
    package let meaning: ClusterFailureMeaning?

    package init(
        _ kind: Kind, _ predicate: String, remedy: String, meaning: ClusterFailureMeaning? = nil
    ) {
        self.meaning = meaning
        self.kind = kind
        self.predicate = predicate
        self.remedy = remedy
    }
}
