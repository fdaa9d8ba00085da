import BlueGreen
import DockerEngine
import HostSystem

/// A service as the swarm has it.
struct SwarmService: Hashable, Sendable {
    let id: String
    let name: String
    /// An update names it, and is refused once there is another.
    let version: Int
    /// The present one; another of before stands beside it in the answer.
    let spec: JSONValue
    /// Of a job: how often it was begun anew, also by an update of a label alone (seen with 20.10).
    let iteration: Int

    init(_ json: JSONValue) {
        id = json["ID"]?.string ?? ""
        version = json["Version"]?["Index"]?.integer ?? 0
        spec = json["Spec"] ?? [:]
        name = spec["Name"]?.string ?? ""
        iteration = json["JobStatus"]?["JobIteration"]?["Index"]?.integer ?? 0
    }

    func label(_ key: String) -> String? { spec["Labels"]?[key]?.string }

    var labels: [String: JSONValue] { spec["Labels"]?.object ?? [:] }

    /// Whether its tasks end, and are not followed by others once one has ended well.
    var isJob: Bool { spec["Mode"]?["ReplicatedJob"] != nil }

    /// The number of tasks that it should have, or that should end well; nil for a global one.
    var replicas: Int? {
        let mode = spec["Mode"]
        return mode?["Replicated"]?["Replicas"]?.integer
            ?? mode?["ReplicatedJob"]?["TotalCompletions"]?.integer
    }

    var image: String? { spec["TaskTemplate"]?["ContainerSpec"]?["Image"]?.string }

    /// Names or ids of those that its tasks are in.
    var networks: [String] {
        (spec["TaskTemplate"]?["Networks"]?.array ?? []).compactMap { $0["Target"]?.string }
    }

    var hasHealthCheck: Bool {
        spec["TaskTemplate"]?["ContainerSpec"]?["Healthcheck"]?["Test"]?.array?.isEmpty == false
    }

    /// Whether a task that ends is followed by another, with whatever code it ended.
    var keepsRunning: Bool {
        let condition = spec["TaskTemplate"]?["RestartPolicy"]?["Condition"]?.string ?? "any"
        return condition == "any"
    }

    var memoryLimit: ByteCount? {
        let bytes = spec["TaskTemplate"]?["Resources"]?["Limits"]?["MemoryBytes"]?.integer ?? 0
        return bytes > 0 ? ByteCount(bytes: Int64(bytes)) : nil
    }

    /// The present specification with so many tasks.
    func scaled(to count: Int) -> JSONValue {
        var spec = spec
        spec["Mode"] = Self.mode(isJob: isJob, count)
        return spec
    }

    static func mode(isJob: Bool, _ count: Int) -> JSONValue {
        let count = JSONValue.integer(Int64(count))
        return isJob
            ? ["ReplicatedJob": ["MaxConcurrent": 1, "TotalCompletions": count]]
            : ["Replicated": ["Replicas": count]]
    }

    /// The present specification, which runs a job again.
    var begunAnew: JSONValue {
        var spec = spec
        let before = spec["TaskTemplate"]?["ForceUpdate"]?.integer ?? 0
        spec["TaskTemplate"]?["ForceUpdate"] = .integer(Int64(before + 1))
        return spec
    }

    /// The tasks that are a job's own now; all of any other service.
    func present(_ tasks: [SwarmTask]) -> [SwarmTask] {
        tasks.filter { $0.serviceID == id && (!isJob || $0.iteration == iteration) }
    }

    /// Whether all that it was to do is done, or was given up.
    func hasEnded(_ tasks: [SwarmTask]) -> Bool {
        let own = present(tasks)
        return isJob && !own.isEmpty && !own.contains(where: \.mayRun)
    }

    /// Whether it ended, and not well.
    func hasFailed(_ tasks: [SwarmTask]) -> Bool {
        hasEnded(tasks) && !present(tasks).contains { $0.state == .complete }
    }
}

/// One try of the swarm to run a container of a service.
struct SwarmTask: Hashable, Sendable {
    /// The state of a task, by what can be done about it.
    enum State: Hashable, Sendable {
        /// It waits for a node, an image, a start or its HEALTHCHECK.
        case coming(String)
        /// It runs, and its HEALTHCHECK, if it has one, has passed.
        case running
        case complete
        /// It was stopped because nobody wants it any more.
        case stopped
        case failed
    }

    let id: String
    let serviceID: String
    /// From 1; 0 for the task of a global service or of a job.
    let slot: Int
    /// Of its job.
    let iteration: Int
    let nodeID: String
    /// Whether the swarm wants it to run, or to have ended well.
    let isWanted: Bool
    let state: State
    /// Why it failed or waits, in the swarm's words; empty where it does neither.
    let reason: String
    let exitCode: Int?
    /// Of the state.
    let at: Timestamp?
    /// RFC 3339 with nanoseconds, so that later ones sort behind.
    let created: String
    let environment: [String]
    /// On its node, whatever it takes.
    let reservedMemory: ByteCount

    init(_ json: JSONValue) {
        id = json["ID"]?.string ?? ""
        serviceID = json["ServiceID"]?.string ?? ""
        slot = json["Slot"]?.integer ?? 0
        iteration = json["JobIteration"]?["Index"]?.integer ?? 0
        nodeID = json["NodeID"]?.string ?? ""
        isWanted = ["running", "ready", "complete"].contains(json["DesiredState"]?.string)
        let status = json["Status"]
        state = State(status?["State"]?.string ?? "")
        reason = status?["Err"]?.string ?? ""
        exitCode = status?["ContainerStatus"]?["ExitCode"]?.integer
        at = status?["Timestamp"]?.string.flatMap(Timestamp.init(engineTime:))
        created = json["CreatedAt"]?.string ?? ""
        let container = json["Spec"]?["ContainerSpec"]
        environment = (container?["Env"]?.array ?? []).compactMap(\.string)
        let reservations = json["Spec"]?["Resources"]?["Reservations"]
        reservedMemory = ByteCount(bytes: Int64(reservations?["MemoryBytes"]?.integer ?? 0))
    }

    /// Whether a container of it may run.
    var mayRun: Bool {
        switch state {
        case .coming, .running: true
        case .complete, .stopped, .failed: false
        }
    }
}

extension SwarmTask.State {
    init(_ word: String) {
        switch word {
        case "running": self = .running
        case "complete": self = .complete
        case "shutdown", "remove": self = .stopped
        case "failed", "rejected", "orphaned": self = .failed
        default: self = .coming(word)
        }
    }
}

/// A host of the swarm.
struct SwarmNode: Hashable, Sendable {
    let id: String
    let name: String
    /// Where other hosts reach it.
    let address: String
    let isManager: Bool
    /// `ready`, `down`, `unknown`, `disconnected`
    let state: String
    /// `active`, `pause`, `drain`
    let availability: String
    let version: Int
    let spec: JSONValue
    /// The daemon's own description of it.
    let description: JSONValue

    init(_ json: JSONValue) {
        id = json["ID"]?.string ?? ""
        description = json["Description"] ?? [:]
        name = json["Description"]?["Hostname"]?.string ?? ""
        version = json["Version"]?["Index"]?.integer ?? 0
        spec = json["Spec"] ?? [:]
        isManager = json["Spec"]?["Role"]?.string == "manager"
        state = json["Status"]?["State"]?.string ?? "unknown"
        availability = json["Spec"]?["Availability"]?.string ?? "active"
        let told = json["Status"]?["Addr"]?.string ?? ""
        let asManager = json["ManagerStatus"]?["Addr"]?.string?.split(separator: ":").first
        // A leader may know itself by the address that it listens on.
        let isVague = told.isEmpty || told == "0.0.0.0" || told.hasPrefix("127.")
        address = isVague ? asManager.map(String.init) ?? told : told
    }

    /// All that it has, of which tasks reserve a part; nil where the daemon does not tell.
    var memory: ByteCount? {
        let bytes = description["Resources"]?["MemoryBytes"]?.integer ?? 0
        return bytes > 0 ? ByteCount(bytes: Int64(bytes)) : nil
    }

    /// nil where it can run a task now.
    var absence: String? {
        if state != "ready" { return "\(name) is \(state)" }
        return availability == "active" ? nil : "\(name) is set to \(availability)"
    }
}

extension Timestamp {
    /// `2026-11-20T21:34:05.123456789Z`; nil for anything else, and for the engine's year 1.
    init?(engineTime text: String) {
        let parts = text.split(separator: "T")
        guard parts.count == 2, text.hasSuffix("Z") else { return nil }
        let date = parts[0].split(separator: "-").compactMap { Int64($0) }
        let time = parts[1].dropLast().split(separator: ":")
        guard date.count == 3, time.count == 3, date[0] > 1970, let hour = Int64(time[0]),
            let minute = Int64(time[1]), let second = Double(time[2])
        else { return nil }
        // Days since 1970 in the Gregorian calendar, counted in years that begin in March.
        let year = date[1] > 2 ? date[0] : date[0] - 1
        let month = (date[1] + 9) % 12
        let leaps = year / 4 - year / 100 + year / 400
        let days = 365 * year + leaps + (153 * month + 2) / 5 + date[2] - 1 - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60
        self.init(milliseconds: seconds * 1000 + Int64(second * 1000))
    }
}
