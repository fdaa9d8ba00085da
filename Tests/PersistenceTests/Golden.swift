import BlueGreen
import Orchestration
import TestSupport

/// Records as format version 1 wrote them. They stand in people's files: a change that makes one
/// of these texts unreadable needs a migration, not a new text.
enum Golden {
    static let release = Release(
        id: Sample.release(0x3f9c), label: "v1.2", createdAt: Sample.moment, services: services)

    static let releaseText = """
        {"createdAt":1795210445000,"id":"20261121-020529-3f9c","label":"v1.2",\
        "services":[{"healthCheck":{"deadline":[6,9319535557742690304],"fall":3,"interval":[0,\
        1000000000000000000],"method":{"http":{"expected":[[200,299]],"host":"shop.example",\
        "path":"/healthz","port":8080}},"rise":2,"timeout":[0,2000000000000000000]},\
        "isOneShot":false,"name":"web","port":8080,"replicas":2,"role":"exposed"},\
        {"healthCheck":{"deadline":[6,9319535557742690304],"fall":3,"interval":[0,\
        1000000000000000000],"method":{"tcp":{"port":5432}},"rise":2,"timeout":[0,\
        2000000000000000000]},"isOneShot":false,"name":"db","replicas":1,"role":"shared"},\
        {"healthCheck":{"deadline":[6,9319535557742690304],"fall":3,"interval":[0,\
        1000000000000000000],"method":{"command":{"_0":["/bin/check","-q"]}},"rise":2,\
        "timeout":[0,2000000000000000000]},"isOneShot":false,"name":"chat","replicas":1,\
        "role":"internal"},{"healthCheck":{"deadline":[6,9319535557742690304],"fall":3,\
        "interval":[0,1000000000000000000],"method":{"docker":{}},"rise":2,"timeout":[0,\
        2000000000000000000]},"isOneShot":true,"name":"migrate","replicas":1,\
        "role":"internal"}]}
        """

    /// Ended after the switch, with every field of format 1 filled.
    static let deploymentText = """
        {"candidate":{"colour":"green","release":"20261121-020529-3f9c"},\
        "failure":{"cause":{"unhealthy":{"_0":{"index":1,"service":"web"}}},\
        "logLines":["no database"],"message":"green web-1 answered 503."},\
        "finishedAt":1795210460000,"kind":"deploy","label":"v1.2","number":7,\
        "phase":{"finished":{"_0":"rolledBack"}},"phases":[{"at":1795210445000,\
        "name":"preparing"},{"at":1795210446500,"name":"starting"},{"at":1795210448000,\
        "name":"probing"},{"at":1795210451000,"name":"arming"},{"at":1795210452500,\
        "name":"switching"},{"at":1795210454000,"name":"confirming"},{"at":1795210455500,\
        "name":"switching back"},{"at":1795210457000,"name":"confirming back"},\
        {"at":1795210458500,"name":"cleaning up"},{"at":1795210460000,"name":"rolledBack"}],\
        "previous":{"colour":"blue","release":"20261120-213406-0001"},\
        "serviceStartedAt":1795210448000,"services":[{"healthCheck":{"deadline":[6,\
        9319535557742690304],"fall":3,"interval":[0,1000000000000000000],\
        "method":{"http":{"expected":[[200,299]],"host":"shop.example","path":"/healthz",\
        "port":8080}},"rise":2,"timeout":[0,2000000000000000000]},"isOneShot":false,\
        "name":"web","port":8080,"replicas":2,"role":"exposed"}],"settings":{"drain":[1,\
        11553255926290448384],"previous":"stopped","releases":5,"startPause":[0,\
        3000000000000000000]},"startedAt":1795210445000,\
        "warnings":["web drops container_name."]}
        """

    /// One of each kind of check and role.
    static let services = [
        PlannedService(
            name: "web", role: .exposed, replicas: 2, port: 8080,
            healthCheck: HealthCheck(
                method: .http(
                    port: 8080, path: "/healthz", host: "shop.example", expected: [200...299]))),
        PlannedService(
            name: "db", role: .shared, healthCheck: HealthCheck(method: .tcp(port: 5432))),
        PlannedService(
            name: "chat", role: .internal,
            healthCheck: HealthCheck(method: .command(["/bin/check", "-q"]))),
        PlannedService(
            name: "migrate", role: .internal,
            healthCheck: HealthCheck(method: .docker), isOneShot: true),
    ]
}
