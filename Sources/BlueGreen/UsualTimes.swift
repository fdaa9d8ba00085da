/// The usual times of an app's rungs: the median of its last promoted deployments.
package struct UsualTimes: Hashable, Sendable {
    /// So many are looked at.
    package static let deployments = 10
    /// Fewer do not say what is usual.
    private static let least = 3

    private struct Key: Hashable {
        let kind: DeploymentKind
        /// nil for the whole way.
        let name: Rung.Name?
    }

    private var times: [Key: Duration] = [:]

    package init() {}

    /// - Parameter past: newest first, of any kind and outcome.
    package init(_ past: [Deployment]) {
        var seen: [Key: [Duration]] = [:]
        for (_, alike) in Dictionary(grouping: past.filter { $0.outcome == .promoted }, by: \.kind)
        {
            for deployment in alike.prefix(Self.deployments) {
                let kind = deployment.kind
                for case (let name, let time?) in deployment.rungs.map({ ($0.name, $0.time) }) {
                    seen[Key(kind: kind, name: name), default: []].append(time)
                }
                seen[Key(kind: kind, name: nil), default: []].append(deployment.workTime)
            }
        }
        times = seen.filter { $0.value.count >= Self.least }.mapValues(Self.median)
    }

    /// nil where too few deployments tell.
    package subscript(_ name: Rung.Name, of kind: DeploymentKind) -> Duration? {
        times[Key(kind: kind, name: name)]
    }

    /// The whole way, without the time that a person thought.
    package func whole(of kind: DeploymentKind) -> Duration? {
        times[Key(kind: kind, name: nil)]
    }

    private static func median(_ times: [Duration]) -> Duration {
        let sorted = times.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

extension Rung {
    /// nil before its end.
    package var time: Duration? {
        switch state {
        case .done(let time), .failed(let time): time
        case .current, .ahead: nil
        }
    }
}

extension Deployment {
    /// The time of all rungs but a person's.
    fileprivate var workTime: Duration {
        rungs.filter { !$0.waitsForPerson }.compactMap(\.time).reduce(.zero, +)
    }
}
