/// Work of a deployment that its run could not finish. A later run does it, and it is forgotten
/// once done.
package enum Owed: String, CaseIterable, Codable, Sendable {
    /// A replica of the previous set that takes requests did not come back.
    case servingReplica
    /// The services that run in one colour at a time do not run where traffic is back.
    case singletons
    /// A candidate that lost its traffic, or never had any, is there still.
    case cleanUp
    /// The previous colour was not stopped or removed, or old releases were not forgotten.
    case retirement
    /// nginx was not told that nobody watches any more.
    case watch
    /// The record of a release that never kept traffic is there still.
    case release
}

extension Stage {
    /// The work that is owed where the stage fails and the deployment goes on.
    ///
    /// - Parameter mark: where inside the stage it failed.
    func owed(at mark: Mark) -> Owed? {
        switch self {
        case .cleanUp: .cleanUp
        case .retire: .retirement
        case .watch where mark == .ending: .watch
        case .launch(.previousSingletons): .singletons
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch(.shared), .launch(.coloured), .launch(.singletons), .launch(.previous),
            .verify, .arm, .probeEdge, .endBaseline, .approval, .route, .watch, .drain,
            .stop, .prove:
            nil
        }
    }
}

extension Deployment {
    /// Whether its release never kept traffic. It is nothing to go back to, and must not push those
    /// out that are.
    package var forgetsItsRelease: Bool {
        switch (kind, outcome) {
        case (.deploy, .aborted), (.deploy, .rolledBack): true
        case (.deploy, _), (.warmRollback, _), (.coldRollback, _): false
        }
    }

    /// Whether the candidate's containers are stopped and stay where traffic is not theirs: as
    /// evidence, or since they were there before, to go back to.
    package var keepsItsSet: Bool { facts.has(.breached) || kind != .deploy }

    /// In a stable order.
    package var owed: [Owed] { facts.owed }

    /// Also after the end.
    package mutating func owe(_ work: Owed) { facts.owe(work) }

    /// The work was done after the end, or is needed no more.
    package mutating func settle(_ work: Owed) { facts.settle(work) }
}
