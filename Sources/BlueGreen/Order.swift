/// A move of traffic as it was asked for: which release goes where, in whose place, and how.
package struct Order: Hashable, Codable, Sendable {
    /// Counts an app's deployments from 1.
    package let number: Int
    package let kind: DeploymentKind
    package let candidate: Placement
    /// The user's name for the release, a tag or a commit.
    package let label: String?
    /// The release that had traffic when the deployment began; nil on an app's first.
    package let previous: Placement?
    /// The services of the candidate, in start order; nil until today's files were read.
    package internal(set) var resolved: [PlannedService]?
    /// The services of the previous release, in start order; nil where they are not known.
    package let previousServices: [PlannedService]?
    package let settings: DeploymentSettings

    package init(
        number: Int, kind: DeploymentKind, candidate: Placement, label: String?,
        previous: Placement?, services: [PlannedService]?,
        previousServices: [PlannedService]? = nil, settings: DeploymentSettings
    ) {
        self.number = number
        self.kind = kind
        self.candidate = candidate
        self.label = label
        self.previous = previous
        resolved = services
        self.previousServices = previousServices
        self.settings = settings
    }
}

/// Containers that are started one after the other.
package enum Cohort: String, Hashable, Codable, Sendable {
    /// The shared services that come before all others of the candidate.
    case shared
    /// All else of the candidate that is up before the switch.
    case coloured
    /// The candidate's services that run in one colour at a time.
    case singletons
    /// The previous set, stopped to make room, is started again.
    case previous
    /// The previous colour's services that run in one colour at a time.
    case previousSingletons
}

extension Order {
    /// The candidate's services, in start order; none while they are not known.
    package var services: [PlannedService] { resolved ?? [] }

    /// The same order before today's files were read.
    package var unread: Order {
        var unread = self
        unread.resolved = nil
        return unread
    }

    /// The services of the other colour. On an app's first deployment the same set is assumed
    /// there.
    package var otherServices: [PlannedService] { previousServices ?? services }

    /// The candidate's containers that start before the switch.
    package var ordinary: [PlannedReplica] { services.filter { !runsOnce($0) }.containers }

    /// In start order. The previous set's own one-shots have done their work and start no more. Its
    /// shared services were never stopped.
    func containers(of cohort: Cohort) -> [PlannedReplica] {
        let before = previous == nil ? [] : (previousServices ?? []).filter { !$0.isOneShot }
        return switch cohort {
        case .shared: Array(ordinary.prefix { $0.service.role == .shared })
        case .coloured: Array(ordinary.drop { $0.service.role == .shared })
        case .singletons: services.filter(runsOnce).containers
        case .previous:
            before.filter { $0.role == .exposed || $0.role == .internal }.containers
        case .previousSingletons: before.filter(runsOnce).containers
        }
    }

    func placement(of cohort: Cohort) -> Placement {
        switch cohort {
        case .shared, .coloured, .singletons: candidate
        // Without a previous release these cohorts are empty.
        case .previous, .previousSingletons: previous ?? candidate
        }
    }

    /// The services that either release says may run in one colour at a time.
    package var singletonServices: Set<String> {
        (services + (previousServices ?? [])).singletonNames
    }

    /// Whether the service is started only after the other colour's was stopped. One release's word
    /// is enough: a singleton of either must not run beside itself while traffic moves. An exposed
    /// service is up on both sides of the switch, whatever the other release says of it.
    package func runsOnce(_ service: PlannedService) -> Bool {
        service.runsOnce(beside: singletonServices)
    }

    /// The hooks that run at this point. A rollback runs none before the switch: the way back must
    /// not need what a release needed to go forward.
    func hooks(at point: HookPoint) -> [Hook] {
        let hooks = settings.hooks[point]
        switch (point, kind) {
        case (.beforeStart, .deploy): return hooks.filter { $0.place != .host }
        case (.beforeSwitch, .deploy): return hooks
        case (.beforeStart, .warmRollback), (.beforeStart, .coldRollback),
            (.beforeSwitch, .warmRollback), (.beforeSwitch, .coldRollback):
            return []
        case (.afterSwitch, _), (.afterRetire, _): return hooks
        }
    }

    /// A rollback is not watched: there is nowhere to go back to from there.
    private var mayGoBack: Bool { kind == .deploy && previous != nil }

    /// How long a candidate with traffic is looked at before it counts as promoted. A first release
    /// is not baked, since there is nothing to compare it with, but one that crashes at once shows
    /// it in these seconds.
    var proofTime: Duration {
        kind == .deploy && previous == nil ? min(settings.bake.duration, .seconds(10)) : .zero
    }

    var bakes: Bool { mayGoBack && settings.bake.duration > .zero }

    /// Empty if the previous colour is not there to keep the rest of the requests.
    func canarySteps(_ fit: Facts.Fit) -> [Share] {
        mayGoBack && fit != .alone ? settings.canary.steps : []
    }
}

extension Sequence<PlannedService> {
    /// The names of those that their own release calls singletons.
    package var singletonNames: Set<String> {
        Set(filter { $0.role == .singleton }.map(\.name))
    }
}

extension ServiceRole {
    /// The one rule of what runs in one colour at a time: a container in either colour is judged
    /// by the role that its own release gives it.
    ///
    /// - Parameter singletons: the services that either release calls a singleton.
    package func runsOnce(_ service: String, beside singletons: Set<String>) -> Bool {
        switch self {
        case .singleton: true
        case .internal: singletons.contains(service)
        case .exposed, .shared: false
        }
    }
}

extension PlannedService {
    /// - Parameter singletons: the services that either release calls a singleton.
    package func runsOnce(beside singletons: Set<String>) -> Bool {
        role.runsOnce(name, beside: singletons)
    }
}

/// Where in the loop a deployment enters, and what its candidate is made of.
package enum DeploymentKind: String, Codable, Sendable {
    /// A new release.
    case deploy
    /// Back to a release whose containers still run: traffic moves at once.
    case warmRollback
    /// Back to a release that is started again first.
    case coldRollback
}
