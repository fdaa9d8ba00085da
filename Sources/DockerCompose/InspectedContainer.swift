/// A container as `GET /containers/ID/json` tells it.
struct InspectedContainer: Decodable, Sendable {
    let state: State
    let restartCount: Int
    let config: Config
    let hostConfig: HostConfig

    struct State: Decodable, Sendable {
        let status: String
        let exitCode: Int
        let outOfMemory: Bool
        let pid: Int
        let health: Health?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case exitCode = "ExitCode"
            case outOfMemory = "OOMKilled"
            case pid = "Pid"
            case health = "Health"
        }
    }

    struct Health: Decodable, Sendable {
        /// `none`, `starting`, `healthy`, `unhealthy`.
        let status: String

        enum CodingKeys: String, CodingKey { case status = "Status" }
    }

    struct Config: Decodable, Sendable {
        let hasTerminal: Bool

        enum CodingKeys: String, CodingKey { case hasTerminal = "Tty" }
    }

    struct HostConfig: Decodable, Sendable {
        let restartPolicy: RestartPolicy?
        /// 0 stands for Docker's default.
        let processorWeight: Int?

        enum CodingKeys: String, CodingKey {
            case restartPolicy = "RestartPolicy"
            case processorWeight = "CpuShares"
        }
    }

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case restartCount = "RestartCount"
        case config = "Config"
        case hostConfig = "HostConfig"
    }
}
