import BlueGreen
import DockerEngine
import Orchestration

/// The global service that carries a state to every edge.
struct EdgeService: Sendable {
    private let state: EdgeState
    private let settings: SwarmEdges.Settings
    private let claim: EdgeClaim

    init(_ state: EdgeState, _ settings: SwarmEdges.Settings, _ claim: EdgeClaim) {
        self.state = state
        self.settings = settings
        self.claim = claim
    }

    static func name(of app: String) -> String { "\(app)-edge" }

    /// On the nodes that teal.yml names.
    static func nodeLabel(of app: String) -> String { "teal.edge.\(app)" }

    /// The host's file system in the task.
    static let root = "/host"

    /// Where an edge's image has Teal.
    static let program = "/teal"

    var spec: JSONValue {
        get throws {
            [
                "Name": .string(Self.name(of: state.site.app)),
                "Labels": [
                    ResourceLabel.app: .string(state.site.app),
                    EdgeState.epochLabel: .string("\(state.epoch)"),
                    EdgeClaim.label: .string(claim.run),
                ],
                "Mode": ["Global": [:]],
                "TaskTemplate": try task,
                // All edges at once, the new task beside the old one. Whether a change has come to
                // pass is Teal's own verdict; Swarm never goes back by itself.
                "UpdateConfig": [
                    "Parallelism": 0, "Order": "start-first", "FailureAction": "pause",
                ],
                "EndpointSpec": ["Mode": "dnsrr"],
            ]
        }
    }

    private var task: JSONValue {
        get throws {
            var placement: JSONValue = [:]
            switch settings.nodes {
            case .all: break
            case .managers: placement["Constraints"] = ["node.role==manager"]
            // Constraints cannot be alternatives, so that the named nodes get a label.
            case .named:
                let label = Self.nodeLabel(of: state.site.app)
                placement["Constraints"] = [.string("node.labels.\(label)==true")]
            }
            return [
                "ContainerSpec": [
                    "Image": .string(settings.image),
                    "Command": [.string(Self.program), "edge"],
                    "Env": [
                        .string("\(EdgeState.variable)=\(try state.text)"),
                        .string("\(HostPrograms.imageVariable)=\(settings.image)"),
                    ],
                    "Mounts": [
                        ["Type": "bind", "Source": "/", "Target": .string(Self.root)],
                        [
                            "Type": "bind", "Source": .string(state.site.directory),
                            "Target": .string(state.site.directory),
                        ],
                    ],
                    "StopGracePeriod": .integer(Self.nanoseconds(20)),
                    "Healthcheck": [
                        "Test": ["CMD", .string(Self.program), "edge", "--confirmed"],
                        "Interval": .integer(Self.nanoseconds(1)),
                        "Timeout": .integer(Self.nanoseconds(10)),
                        "StartPeriod": .integer(settings.patience.wholeMilliseconds * 1_000_000),
                        "Retries": 3,
                    ],
                ],
                "Networks": [["Target": "host"]],
                "Placement": placement,
                "RestartPolicy": [
                    "Condition": "any", "Delay": .integer(Self.nanoseconds(2)),
                ],
                "LogDriver": [
                    "Name": "json-file", "Options": ["max-size": "1m", "max-file": "2"],
                ],
            ]
        }
    }

    private static func nanoseconds(_ seconds: Int64) -> Int64 { seconds * 1_000_000_000 }
}
