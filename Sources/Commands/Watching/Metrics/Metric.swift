/// The metrics that Teal writes, in the order in which they are written. Names are stable.
enum Metric: String, CaseIterable, Sendable {
    case buildInfo = "teal_build_info"
    case appInfo = "teal_app_info"
    case traffic = "teal_traffic"
    case trafficShare = "teal_traffic_share_ratio"
    case trafficUnknown = "teal_traffic_unknown"
    case promotedAt = "teal_release_promoted_timestamp_seconds"
    case maintenance = "teal_maintenance"
    case replicaHealthy = "teal_replica_healthy"
    case replicaRestarts = "teal_replica_restarts_total"
    case replicaMemory = "teal_replica_memory_bytes"
    case probes = "teal_probes_total"
    case probeDuration = "teal_probe_duration_seconds"
    case lastSuccess = "teal_probe_last_success_timestamp_seconds"
    case roundDuration = "teal_probe_round_duration_seconds"
    case probeFailed = "teal_probe_failed"
    case lastRound = "teal_watch_last_round_timestamp_seconds"
    case actions = "teal_watch_actions_total"
    case restartsLeft = "teal_watch_restarts_left"
    case circuitOpen = "teal_watch_circuit_open"
    case deployments = "teal_deployments_total"
    case deploymentDuration = "teal_deployment_duration_seconds"
    case phaseDuration = "teal_deployment_phase_duration_seconds"
    case running = "teal_deployment_running"
    case unfinished = "teal_deployment_unfinished"
    case waitsUntil = "teal_deployment_waits_until_timestamp_seconds"
    case hookDuration = "teal_hook_duration_seconds"
    case notices = "teal_notices_total"
    case observedRequests = "teal_observed_requests_total"
    case hostMemory = "teal_host_memory_available_bytes"
    case hostSwap = "teal_host_swap_free_bytes"
    case roomNeeded = "teal_room_needed_bytes"
    case roomFits = "teal_room_fits"
    case diskFree = "teal_disk_free_bytes"
    case diskReserve = "teal_disk_reserve_bytes"
    case nginxWorkers = "teal_nginx_workers"
    case processorTime = "process_cpu_seconds_total"
    case residentMemory = "process_resident_memory_bytes"
    case virtualMemory = "process_virtual_memory_bytes"
    case openFiles = "process_open_fds"
    case mostFiles = "process_max_fds"
    case startTime = "process_start_time_seconds"

    enum Kind: String, Sendable {
        case gauge
        case counter
        case histogram
    }

    var kind: Kind {
        switch self {
        case .probeDuration, .deploymentDuration: .histogram
        case .replicaRestarts, .probes, .actions, .deployments, .notices, .observedRequests,
            .processorTime:
            .counter
        case .buildInfo, .appInfo, .traffic, .trafficShare, .trafficUnknown, .promotedAt,
            .maintenance, .replicaHealthy, .replicaMemory, .lastSuccess, .roundDuration,
            .probeFailed, .lastRound, .restartsLeft, .circuitOpen, .phaseDuration, .running,
            .unfinished, .waitsUntil, .hookDuration, .hostMemory, .hostSwap, .roomNeeded,
            .roomFits, .diskFree, .diskReserve, .nginxWorkers, .residentMemory, .virtualMemory,
            .openFiles, .mostFiles, .startTime:
            .gauge
        }
    }

    /// One line without a backslash.
    var help: String {
        switch self {
        case .buildInfo: "The version of Teal."
        case .appInfo: "The release in a colour; its value is 1."
        case .traffic: "Whether the colour has the traffic, or the rest of it in a canary."
        case .trafficShare: "The share of the requests that the colour gets, 0 to 1."
        case .trafficUnknown: "Whether nobody can say which colour has the traffic."
        case .promotedAt: "When the release that serves got its traffic."
        case .maintenance: "Whether visitors get the page of maintenance."
        case .replicaHealthy: "Whether the replica is healthy by its probes in a row."
        case .replicaRestarts: "Restarts of the container by Docker since it was started by hand."
        case .replicaMemory: "Memory that the container holds, without file cache."
        case .probes: "Probes by their result."
        case .probeDuration: "How long probes took."
        case .lastSuccess: "When a probe of the service last passed."
        case .roundDuration: "How long the last round took."
        case .probeFailed: "Whether the app could not be probed."
        case .lastRound: "When the last round of the app was."
        case .actions: "Acts of the watch by their outcome."
        case .restartsLeft: "Restarts that the budget of the service has left."
        case .circuitOpen: "Whether the service is not restarted any more."
        case .deployments: "Deployments and rollbacks that ended."
        case .deploymentDuration: "How long they took, without the time of waiting for a person."
        case .phaseDuration: "How long the parts of the last deployment took that ended."
        case .running: "The part in which a deployment is."
        case .unfinished: "Whether a deployment has not ended and no run or person has it."
        case .waitsUntil: "Until when a deployment waits for a person."
        case .hookDuration: "How long the hooks took in the last deployment that ended."
        case .notices: "Notices to people by target; failed ones did not get through."
        case .observedRequests: "Requests to a colour that a canary or a bake has watched."
        case .hostMemory: "Memory of the host that is available to containers."
        case .hostSwap: "Swap that is free."
        case .roomNeeded: "Memory that another set of the release needs."
        case .roomFits: "Whether another set of the release fits beside this one now."
        case .diskFree: "Free space where Docker keeps images."
        case .diskReserve: "Space that must stay free there."
        case .nginxWorkers: "Workers of nginx; those of the generation old end by themselves."
        case .processorTime: "User and system time of this process."
        case .residentMemory: "Resident memory of this process."
        case .virtualMemory: "Virtual memory of this process."
        case .openFiles: "File descriptors that this process has open."
        case .mostFiles: "File descriptors that this process may have open."
        case .startTime: "When this process started."
        }
    }
}

/// Lines of metrics, which belong to one app or to the host.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricLines: Sendable {
    typealias Labels = [(name: String, value: String)]

    private var lines: [Metric: String] = [:]

    mutating func add(_ metric: Metric, _ labels: Labels, _ value: Double) {
        append(metric, "", labels, value)
    }

    mutating func add(_ metric: Metric, _ labels: Labels, _ value: Int) {
        add(metric, labels, Double(value))
    }

    mutating func add(_ metric: Metric, _ labels: Labels, _ isSo: Bool) {
        add(metric, labels, isSo ? 1 : 0)
    }

    /// - Parameters:
    ///   - bounds: in seconds.
    ///   - counts: one more than there are bounds.
    mutating func add(
        _ metric: Metric, _ labels: Labels, bounds: [Double], counts: [Int], sum: Double
    ) {
        var count = 0
        for (bound, more) in zip(bounds, counts) {
            count += more
            append(metric, "_bucket", labels + [("le", Self.text(of: bound))], Double(count))
        }
        count = counts.reduce(0, +)
        append(metric, "_bucket", labels + [("le", "+Inf")], Double(count))
        append(metric, "_sum", labels, sum)
        append(metric, "_count", labels, Double(count))
    }

    /// All lines of the metric; empty where there are none.
    subscript(metric: Metric) -> String { lines[metric] ?? "" }

    /// The whole text of these lines: each metric has its head once.
    static func text(of all: [MetricLines]) -> String {
        Metric.allCases.map { metric in
            let lines = all.map { $0[metric] }.joined()
            if lines.isEmpty { return "" }
            let name = metric.rawValue
            return "# HELP \(name) \(metric.help)\n# TYPE \(name) \(metric.kind.rawValue)\n" + lines
        }.joined()
    }

    private mutating func append(
        _ metric: Metric, _ suffix: String, _ labels: Labels, _ value: Double
    ) {
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
        let set = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        lines[metric, default: ""] += "\(metric.rawValue)\(suffix)\(set) \(Self.text(of: value))\n"
    }

    private static func text(of value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\r\n", with: "\\n").replacing("\n", with: "\\n")
    }
}
