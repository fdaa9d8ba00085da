import BlueGreen
import Orchestration
import TestSupport

/// Records as format version 2 writes them: memory of services, the host's bounds, what ran
/// before, and whether it gave way.
enum GoldenFormatTwo {
    static let release = Release(
        id: Sample.release(0x3f9c), label: nil, createdAt: Sample.moment, services: services)

    static let releaseText = """
        {"createdAt":1795210445000,"id":"20261121-020529-3f9c",\
        "services":[{"isOneShot":false,"memory":{"bytes":268435456},"name":"web",\
        "port":8080,"replicas":1,"role":"exposed"},{"isOneShot":false,"name":"api",\
        "replicas":1,"role":"internal"},{"isOneShot":false,"name":"worker","replicas":1,\
        "role":"singleton"}]}
        """

    /// Stopped the previous set first, and died while it brought that back.
    static var deployment: Deployment {
        let previous = Placement(colour: .blue, release: Sample.release(1))
        let settings = DeploymentSettings(
            startAtMost: .seconds(45), settle: SettleBounds(memoryFree: .mebibytes(96)),
            room: .stopFirst)
        var deployment = Deployment(
            Deployment.Request(
                number: 8, kind: .deploy,
                candidate: Placement(colour: .green, release: Sample.release(0x3f9c)),
                label: nil, previous: previous, services: services, previousServices: services,
                settings: settings),
            at: Sample.moment)
        var now = Sample.moment
        func record(_ result: StepResult) {
            guard let step = deployment.nextStep(at: now) else { return }
            now = now + .milliseconds(1500)
            deployment.record(result, of: step, at: now)
        }
        record(
            .noRoom(
                RoomReport(
                    needs: services.map { RoomNeed($0, seen: nil) },
                    memoryAvailable: .mebibytes(100), heldByPrevious: .mebibytes(500))))
        for _ in 0..<5 { record(.done) }
        let failure = Failure(.step(phase: "starting"), "No such image.")
        record(.failed(failure))
        record(.done)
        record(.failed(failure))
        for _ in 0..<2 { record(.done) }
        return deployment
    }

    static let deploymentText = """
        {"candidate":{"colour":"green","release":"20261121-020529-3f9c"},\
        "containerStartedAt":1795210461500,"failure":{"cause":{"step":{"phase":"starting"}},\
        "logLines":[],"message":"No such image."},"givesWay":true,"isImpaired":true,\
        "kind":"deploy","number":8,"phase":{"restoring":{"_0":{"probing":{"_0":1}}}},\
        "phases":[{"at":1795210445000,"name":"preparing"},{"at":1795210448000,\
        "name":"making room"},{"at":1795210454000,"name":"starting"},{"at":1795210455500,\
        "name":"cleaning up"},{"at":1795210457000,"name":"restoring"}],\
        "previous":{"colour":"blue","release":"20261120-213406-0001"},\
        "previousServices":[{"isOneShot":false,"memory":{"bytes":268435456},"name":"web",\
        "port":8080,"replicas":1,"role":"exposed"},{"isOneShot":false,"name":"api",\
        "replicas":1,"role":"internal"},{"isOneShot":false,"name":"worker","replicas":1,\
        "role":"singleton"}],"services":[{"isOneShot":false,"memory":{"bytes":268435456},\
        "name":"web","port":8080,"replicas":1,"role":"exposed"},{"isOneShot":false,\
        "name":"api","replicas":1,"role":"internal"},{"isOneShot":false,"name":"worker",\
        "replicas":1,"role":"singleton"}],"settings":{"drain":[1,11553255926290448384],\
        "previous":"running","releases":5,"room":"stop-first",\
        "settle":{"diskWait":{"fraction":0.6},"memoryFree":{"bytes":100663296},\
        "memoryPressure":{"fraction":0.1},"processorPressure":{"fraction":0.6},\
        "steal":{"fraction":0.5},"swapIn":{"bytes":4194304}},"startAtMost":[2,\
        8106511852580896768],"startPause":[0,3000000000000000000]},\
        "startedAt":1795210445000,"warnings":["The set does not fit beside the one that has \
        traffic (it needs 512 MB of 100 MB), so that one is stopped first; nginx answers \
        503 meanwhile.","No such image."]}
        """

    private static let services = [
        PlannedService(name: "web", role: .exposed, port: 8080, memory: .mebibytes(256)),
        PlannedService(name: "api", role: .internal),
        PlannedService(name: "worker", role: .singleton),
    ]
}
