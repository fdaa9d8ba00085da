import BlueGreen
import HostSystem
import Orchestration
import TestSupport

@testable import Persistence

/// Records that together have every field filled, and the files that hold their text.
///
/// Until the first release the format may change; this writes the files anew:
///
///     TEAL_WRITE_GOLDEN=1 swift test --filter GoldenTests
///
/// From then on a file stays: a change that makes it unreadable needs a further format.
enum Golden {
    /// - Parameter name: `release`, or one of `deployments`.
    static func text(_ name: String, of record: some Encodable) throws -> String {
        let path = "\(folder)/\(name).json"
        if ProcessInformation.environment["TEAL_WRITE_GOLDEN"] != nil {
            let text = try RecordText.encode(record) + "\n"
            try AtomicFile.write(text, to: path, access: .everyoneReads)
        }
        return String(try FileSystem().readText(path).prefix { !$0.isNewline })
    }

    private static let folder =
        #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Golden"

    static let release = Release(
        id: Sample.release(0x3f9c), label: "v1.2", createdAt: Sample.moment, services: services)

    static let deployments = [
        "restoring": restoring, "waiting": waiting, "breached": breached,
    ]

    /// It stopped the previous set first, failed, and died while it brought that set back.
    private static var restoring: Deployment {
        var deployment = begun(
            DeploymentSettings(
                startAtMost: .seconds(45), settle: SettleBounds(memoryFree: .mebibytes(96)),
                room: .stopFirst, hooks: hooks))
        let failure = Failure(.step(phase: "starting"), "No such image.", logLines: ["exit 1"])
        let report = RoomReport(
            needs: services.map { RoomNeed($0, seen: nil) },
            memoryAvailable: .mebibytes(100), heldByPrevious: .mebibytes(1000))
        let results: [StepResult] =
            [.noRoom(report)] + Array(repeating: .done, count: 5)
            + [.failed(failure), .done, .failed(failure), .done, .done]
        var now = Sample.moment
        for result in results {
            now = now + .milliseconds(1500)
            deployment.record(result, at: now)
        }
        return deployment
    }

    /// A person has the word, and the host did not settle on the way to there.
    private static var waiting: Deployment {
        var deployment = careful
        var now = Sample.moment
        while deployment.waitsUntil == nil, deployment.outcome == nil {
            now = now + .milliseconds(1500)
            deployment.carryOn(at: now)
        }
        return deployment
    }

    /// A person promoted it, and it answered too many requests with a 5xx in its bake. The previous
    /// worker could not be started again.
    private static var breached: Deployment {
        var deployment = careful
        var now = Sample.moment
        while deployment.outcome == nil {
            now = now + .seconds(20)
            switch Spot(deployment) {
            case .baking:
                let figures = RequestFigures(
                    requests: 240, errors: 24, p50: .milliseconds(3), p95: .milliseconds(12),
                    p99: .milliseconds(1400))
                let look = Observation(
                    candidate: figures, logLines: ["out of cheese"], warnings: ["No log of web-1."])
                deployment.record(.observed(look), at: now)
            case .handingBack(.starting):
                let failure = Failure(
                    .exited(Replica(service: "worker", index: 1), code: 1), "Ill.")
                deployment.record(.failed(failure), at: now)
            default: deployment.carryOn(at: now)
            }
        }
        return deployment
    }

    private static var careful: Deployment {
        begun(
            DeploymentSettings(
                hooks: hooks, bake: Bake(),
                canary: Canary(steps: [Share(percent: 12.5)], every: .seconds(30)),
                promotion: .manual(within: .seconds(3600))))
    }

    private static func begun(_ settings: DeploymentSettings) -> Deployment {
        Deployment(
            Order(
                number: 7, kind: .deploy,
                candidate: Placement(colour: .green, release: Sample.release(0x3f9c)),
                label: "v1.2", previous: Placement(colour: .blue, release: Sample.release(1)),
                services: services, previousServices: [Sample.web, Sample.worker],
                settings: settings),
            at: Sample.moment)
    }

    private static let hooks = Hooks(
        afterSwitch: [Hook(["./look", "-a"], in: .service("web"), timeout: .seconds(2))],
        afterRetire: [Hook(["notify"])])

    /// One of each kind of check and role.
    private static let services = [
        PlannedService(
            name: "web", role: .exposed, replicas: 2, port: 8080,
            healthCheck: HealthCheck(
                method: .http(
                    port: 8080, path: "/healthz", host: "shop.example", expected: [200...299])),
            memory: .mebibytes(256), dependencies: ["chat", "db"]),
        PlannedService(
            name: "db", role: .shared, healthCheck: HealthCheck(method: .tcp(port: 5432))),
        PlannedService(
            name: "chat", role: .internal,
            healthCheck: HealthCheck(method: .command(["/bin/check", "-q"]))),
        PlannedService(
            name: "migrate", role: .internal,
            healthCheck: HealthCheck(method: .docker), isOneShot: true),
        PlannedService(name: "worker", role: .singleton),
    ]
}

extension Deployment {
    /// Carries its next step out with success, a person's part too, on a host with 50 MB free.
    mutating func carryOn(at now: Timestamp) {
        switch next(at: now) {
        case .ended: break
        case .waitForPerson: answer(.promote, at: now)
        case .perform(.settle(let bounds, _, _)) where .mebibytes(50) < bounds.memoryFree:
            let strain = Strain.memory(free: .mebibytes(50), wanted: bounds.memoryFree)
            record(.unsettled([strain], SettleBounds(memoryFree: .mebibytes(48))), at: now)
        case .perform(.observe):
            let figures = RequestFigures(
                requests: 1240, errors: 1, p50: .milliseconds(3), p95: .milliseconds(11),
                p99: .milliseconds(900))
            record(.observed(Observation(candidate: figures, previous: figures)), at: now)
        case .perform: record(.done, at: now)
        }
    }
}
