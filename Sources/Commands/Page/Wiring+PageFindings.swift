import BlueGreen
import Orchestration

/// All that a look at one app found.
struct PageFindings: Sendable {
    let app: AppContext
    let condition: Condition
    let now: Timestamp
    /// nil where there was never a round.
    var watch: WatchStatus?
    /// Newest first.
    var deployments: [Deployment] = []
    var events: [WatchEvent] = []
    var quarters: [ProbeQuarter] = []
    var disk: EngineDisk?
    var workers: RouterWorkers?
    /// The acts that were asked for on the page, as sentences.
    var acts: [String] = []
    /// A sentence for each thing that could not be read.
    var unread: [String] = []

    var situation: Situation { condition.situation }

    init(app: AppContext, condition: Condition, now: Timestamp) {
        self.app = app
        self.condition = condition
        self.now = now
    }

    /// The label, which people chose, or else the id.
    func name(of release: ReleaseID) -> String {
        condition.label(of: release) ?? release.text
    }

    /// How long ago, as people say it: `8 s`, `5 min`, `3 hours`, `4 days`.
    func age(_ moment: Timestamp) -> String {
        let seconds = max(0, (now - moment).wholeMilliseconds / 1000)
        func counted(_ count: Int64, _ unit: String) -> String {
            "\(count) \(unit)" + (count == 1 ? "" : "s")
        }
        switch seconds {
        case ..<90: return "\(seconds) s"
        case ..<5400: return "\(seconds / 60) min"
        case ..<172_800: return counted(seconds / 3600, "hour")
        default: return counted(seconds / 86_400, "day")
        }
    }

    /// When the watch last saw all of the placement's replicas, all of them well; nil otherwise.
    func wellSeen(_ placement: Placement) -> Timestamp? {
        guard let record = watch?.record else { return nil }
        let replicas = record.replicas.filter { $0.key.placement == placement }.values
        guard !replicas.isEmpty, replicas.allSatisfy({ $0.verdict == .healthy }),
            let seen = replicas.compactMap(\.seenAt).min()
        else { return nil }
        return record.lastRound + (.zero - (record.now - seen))
    }
}
