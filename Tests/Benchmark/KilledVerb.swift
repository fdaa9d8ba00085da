import HostSystem
import TestSupport

/// A verb that is killed again and again, and how an app comes to where it is run.
enum KilledVerb: String, CaseIterable {
    case deploy
    case warmRollback = "rollback, warm"
    case coldRollback = "rollback, cold"
    case promote
    case abort
    case resume
    case maintenance
    /// Last, since nothing serves behind it.
    case down

    /// Its part of 300 kills.
    var weight: Int {
        switch self {
        case .deploy: 80
        case .warmRollback, .coldRollback, .promote, .resume: 40
        case .abort: 30
        case .maintenance: 20
        case .down: 10
        }
    }

    var app: String {
        "kill" + rawValue.filter { $0.isLetter }.prefix(12)
    }

    /// Lines of its `teal.yml`.
    var settings: String {
        switch self {
        case .warmRollback: "keep: {previous: running}"
        case .promote, .abort: "keep: {previous: stopped}\npromote: manual"
        case .deploy, .coldRollback, .resume, .maintenance, .down: "keep: {previous: stopped}"
        }
    }

    var arguments: [String] {
        switch self {
        case .deploy: ["deploy"]
        case .warmRollback, .coldRollback: ["rollback"]
        case .promote: ["promote", "--wait-lock", "20s"]
        case .abort: ["abort", "--wait-lock", "20s"]
        case .resume: ["resume"]
        case .maintenance: ["maintenance", "on"]
        case .down: ["down", "--yes"]
        }
    }

    /// The command after the kill, in turns. Each must end with one serving colour.
    func next(_ round: Int) -> [String] {
        switch self {
        case .maintenance: ["maintenance", "off"]
        case .down: arguments
        case .promote, .abort:
            // A deploy would wait for a person's answer.
            ["resume"]
        case .deploy, .warmRollback, .coldRollback, .resume:
            round.isMultiple(of: 3) ? ["deploy"] : ["resume"]
        }
    }

    /// Whether a deployment that waits is a right end: the answer was never taken.
    var mayWait: Bool {
        switch self {
        case .promote, .abort: true
        case .deploy, .warmRollback, .coldRollback, .resume, .maintenance, .down: false
        }
    }

    var mayBothRun: Bool { mayWait || self == .warmRollback }

    /// Brings the app, which serves, to where the verb has something to do.
    func prepare(_ story: Story, version: String, at spot: KillSpot) async throws {
        let version = ["VERSION": version]
        switch self {
        case .deploy, .maintenance: break
        case .warmRollback, .coldRollback: try await story.deploy(version)
        case .promote, .abort:
            if try await story.isWaiting() {
                _ = try await story.teal(["abort", "--wait-lock", "20s"])
            }
            try await story.deploy(version, options: ["--detach"])
        case .resume: _ = try await story.tealKilled(at: spot, ["deploy"], version)
        case .down:
            try await story.remove("\(story.folder)/nginx/site/\(story.app).conf")
            try await story.reloadNginx()
        }
    }
}
