import BlueGreen
import HostSystem
import Orchestration
import TestSupport

@testable import Persistence

/// One record of each kind with every field filled, and the file that holds its text.
///
/// Until the first release the format may change; this writes the files anew:
///
///     TEAL_WRITE_GOLDEN=1 swift test --filter GoldenTests
///
/// From then on a file stays: a change that makes it unreadable needs a further format.
enum Golden {
    /// - Parameter name: `deployment` or `release`.
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

    /// It stopped the previous set first, failed, and died while it brought that set back.
    static var deployment: Deployment {
        var deployment = Deployment(
            Deployment.Request(
                number: 7, kind: .deploy,
                candidate: Placement(colour: .green, release: Sample.release(0x3f9c)),
                label: "v1.2", previous: Placement(colour: .blue, release: Sample.release(1)),
                services: services, previousServices: [Sample.web, Sample.worker],
                settings: settings),
            at: Sample.moment)
        var now = Sample.moment
        let failure = Failure(.step(phase: "starting"), "No such image.", logLines: ["exit 1"])
        let report = RoomReport(
            needs: services.map { RoomNeed($0, seen: nil) },
            memoryAvailable: .mebibytes(100), heldByPrevious: .mebibytes(2000))
        let results: [StepResult] =
            [.noRoom(report)] + Array(repeating: .done, count: 5)
            + [.failed(failure), .done, .failed(failure), .done, .done]
        for result in results {
            guard let step = deployment.nextStep(at: now) else { break }
            now = now + .milliseconds(1500)
            deployment.record(result, of: step, at: now)
        }
        return deployment
    }

    private static let settings = DeploymentSettings(
        startAtMost: .seconds(45), settle: SettleBounds(memoryFree: .mebibytes(96)),
        room: .stopFirst,
        hooks: Hooks(
            afterSwitch: [Hook(["./look", "-a"], in: .service("web"), timeout: .seconds(2))],
            afterRetire: [Hook(["notify"])]))

    /// One of each kind of check and role.
    private static let services = [
        PlannedService(
            name: "web", role: .exposed, replicas: 2, port: 8080,
            healthCheck: HealthCheck(
                method: .http(path: "/healthz", host: "shop.example", expected: [200...299]),
                port: 8080), memory: .mebibytes(256)),
        PlannedService(
            name: "db", role: .shared, healthCheck: HealthCheck(method: .tcp, port: 5432)),
        PlannedService(
            name: "chat", role: .internal,
            healthCheck: HealthCheck(method: .command(["/bin/check", "-q"]), port: nil)),
        PlannedService(
            name: "migrate", role: .internal,
            healthCheck: HealthCheck(method: .docker, port: nil), isOneShot: true),
        PlannedService(name: "worker", role: .singleton),
    ]
}
