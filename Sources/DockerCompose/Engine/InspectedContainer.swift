import DockerEngine
import HostSystem

/// A container as `GET /containers/ID/json` tells it.
struct InspectedContainer: Decodable, Sendable {
    /// RFC 3339 with nanoseconds.
    let created: String?
    let state: State
    let restartCount: Int
    let config: Config
    let hostConfig: HostConfig

    struct State: Decodable, Sendable {
        let status: String
        let exitCode: Int
        let outOfMemory: Bool
        let pid: Int
        /// RFC 3339 with nanoseconds; the year 1 where it was never started.
        let startedAt: String?
        let health: Health?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case exitCode = "ExitCode"
            case outOfMemory = "OOMKilled"
            case pid = "Pid"
            case startedAt = "StartedAt"
            case health = "Health"
        }
    }

    struct Health: Decodable, Sendable {
        /// `none`, `starting`, `healthy`, `unhealthy`.
        let status: String
        /// The last five, oldest first.
        let log: [Run]?

        /// One run of the check.
        struct Run: Decodable, Sendable {
            let exitCode: Int
            let output: String

            enum CodingKeys: String, CodingKey {
                case exitCode = "ExitCode"
                case output = "Output"
            }
        }

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case log = "Log"
        }

        /// For people, on one line.
        var lastOutput: String? {
            log?.last.map { run in
                let text = PrintableText(run.output.trimmed).cut(toBytes: 300)
                return (text.isEmpty ? "no output" : text) + " (exit code \(run.exitCode))"
            }
        }
    }

    struct Config: Decodable, Sendable {
        let hasTerminal: Bool
        /// `80/tcp`, of the image and of the compose file.
        let exposedPorts: [String: JSONValue]?
        /// Of the image or of the compose file.
        let healthCheck: JSONValue?

        enum CodingKeys: String, CodingKey {
            case hasTerminal = "Tty"
            case exposedPorts = "ExposedPorts"
            case healthCheck = "Healthcheck"
        }
    }

    struct HostConfig: Decodable, Sendable {
        let restartPolicy: RestartPolicy?
        /// 0 stands for Docker's default.
        let processorWeight: Int?
        /// In bytes; 0 stands for none.
        let memoryLimit: Int64?

        enum CodingKeys: String, CodingKey {
            case restartPolicy = "RestartPolicy"
            case processorWeight = "CpuShares"
            case memoryLimit = "Memory"
        }
    }

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case restartCount = "RestartCount"
        case config = "Config"
        case hostConfig = "HostConfig"
        case created = "Created"
    }
}

/// When the engine starts a container again by itself.
struct RestartPolicy: Hashable, Decodable, Sendable {
    /// `no`, `always`, `unless-stopped`, `on-failure`; an engine may leave it empty for `no`.
    let name: String
    let attempts: Int

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case attempts = "MaximumRetryCount"
    }

    /// - Parameter text: as a compose file has it, `on-failure:3`.
    init(composeText text: String) {
        let parts = text.split(separator: ":")
        name = parts.first.map(String.init) ?? "no"
        attempts = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .name)
        self.name = name.isEmpty ? "no" : name
        attempts = try container.decodeIfPresent(Int.self, forKey: .attempts) ?? 0
    }

    var json: JSONValue {
        ["Name": .string(name), "MaximumRetryCount": .integer(Int64(attempts))]
    }
}

/// Docker's `cpu_shares`: what a container gets of the processor beside others that want it too.
///
/// One that starts yields to those that serve, until it has proved itself. Where nobody else wants
/// the processor it has all of it.
enum ProcessorWeight {
    /// Docker's own default.
    static let usual = 1024
    static let starting = 256
}

/// The answers of inspecting, each as long as the container's line in the list reads the same.
///
/// The list is one call for all containers and its status text names health, exit code and age
/// (`Up 3 seconds (healthy)`), so that inspecting again is needed only when the text has changed:
/// a watch every 50 ms over 20 containers costs one call and not 21.
actor InspectionCache {
    private struct Entry {
        let status: String
        let container: InspectedContainer
    }

    private var entries: [String: Entry] = [:]

    func container(for listed: ListedContainer) -> InspectedContainer? {
        guard let entry = entries[listed.id], entry.status == listed.status else { return nil }
        return entry.container
    }

    /// Of its last inspection: it may have got another one since.
    func lastPID(ofContainer id: String) -> Int? { entries[id]?.container.state.pid }

    func keep(_ container: InspectedContainer, for listed: ListedContainer) {
        entries[listed.id] = Entry(status: listed.status, container: container)
    }

    func forgetAll(but ids: Set<String>) {
        entries = entries.filter { ids.contains($0.key) }
    }
}
