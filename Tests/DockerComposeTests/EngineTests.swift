@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import FoundationEssentials
import TestSupport
import Testing

struct EngineTests {
    @Test(
        "DOCKER_HOST is honoured, and the usual socket stands in for it",
        arguments: [
            (nil, EngineEndpoint.socket(path: "/var/run/docker.sock")),
            ("", .socket(path: "/var/run/docker.sock")),
            ("unix:///run/user/1000/docker.sock", .socket(path: "/run/user/1000/docker.sock")),
            ("tcp://127.0.0.1:2375", .tcp(host: "127.0.0.1", port: 2375)),
        ])
    func endpoints(_ host: String?, _ expected: EngineEndpoint) throws {
        let environment = host.map { ["DOCKER_HOST": $0] } ?? [:]
        #expect(try EngineEndpoint(environment: environment) == expected)
    }

    @Test(
        "A DOCKER_HOST that Teal cannot talk to is refused by its name",
        arguments: [
            "ssh://root@host", "npipe:////./pipe/x", "tcp://host", "tcp://:2375", "tcp://h:0",
            "unix://relative",
        ])
    func badEndpoints(_ host: String) {
        #expect(throws: DockerError.badEndpoint(host)) {
            _ = try EngineEndpoint(environment: ["DOCKER_HOST": host])
        }
    }

    @Test("TLS is refused and not silently left out")
    func encryption() {
        #expect(throws: DockerError.self) {
            _ = try EngineEndpoint(
                environment: ["DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1"])
        }
    }

    @Test("A daemon that is not there is told at once, with the next move")
    func noDaemon() async throws {
        let api = EngineAPI(.socket(path: "/nowhere/docker.sock"))
        let error = await #expect(throws: DockerError.self) { try await api.ping() }
        try await api.shutDown()
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("The Docker daemon does not answer at unix:///nowhere/docker.sock"))
        #expect(text.contains("No such file or directory"))
        #expect(text.contains("systemctl start docker"))
    }

    @Test(
        "A change of a container that ends just then is made when the daemon has seen its end",
        arguments: [
            "cannot update a stopped container: unknown",
            "Cannot update container f00: runc did not terminate successfully: exit status 1: "
                + "container not running",
        ])
    func updateAtTheEnd(words: String) async throws {
        let ended = "{\"message\": \"\(words)\"}"
        let daemon = try await Receiver.start(
            .status(200, fields: ["Api-Version": "1.41"]), .status(500, body: ended),
            .status(500, body: ended), .status(200, body: "{}"))
        let api = EngineAPI(.tcp(host: "127.0.0.1", port: daemon.port))
        let container = ListedContainer(
            id: "f00", names: ["/shop-blue-web-1"], imageID: "", state: "running", status: "",
            labels: [:], networkSettings: nil, mounts: nil)
        try await api.updateProcessorWeight(of: container, to: 512)
        try await api.shutDown()
        try await daemon.stop()
        #expect(daemon.count == 4)
    }

    @Test(
        "A21: The lower of the daemon's version and the newest that was tried is spoken",
        arguments: [
            ("1.41", "1.41", false), ("1.50", "1.50", false), ("1.51", "1.51", false),
            ("1.52", "1.51", true), ("1.100", "1.51", true),
        ])
    func versions(_ daemon: String, _ spoken: String, _ isNewer: Bool) throws {
        let version = try #require(EngineVersion(ofDaemon: daemon))
        #expect(version.spoken == spoken)
        #expect(version.description.hasPrefix("API \(spoken)"))
        #expect(version.description.contains("it knows \(daemon), which is newer") == isNewer)
    }

    @Test(
        "A21: A daemon that is too old, or says no version, is not spoken with",
        arguments: ["1.40", "1.4", "2.50", "unknown", "", "1.", "1.41.2", "1.-50"])
    func badVersions(_ daemon: String) {
        #expect(EngineVersion(ofDaemon: daemon) == nil)
    }

    @Test(
        "A19: With containerd's image store its folders are looked at beside Docker's root",
        arguments: [
            (#"[["Backing Filesystem", "extfs"]]"#, ["/data"]), ("null", ["/data"]),
            (
                #"[["driver-type", "io.containerd.snapshotter.v1"]]"#,
                ["/data", "/data/containerd", "/var/lib/containerd"]
            ),
        ])
    func imageFolders(_ driver: String, _ expected: [String]) throws {
        let text = #"{"ServerVersion": "28.5.2", "DockerRootDir": "/data", "DriverStatus": "#
        let information = try JSONDecoder().decode(
            EngineInformation.self, from: Data("\(text)\(driver)}".utf8))
        #expect(information.folders == expected)
    }

    @Test("Paths and queries are escaped, slashes and colons of image names are not")
    func targets() {
        let request = EngineRequest(
            method: .get, path: "/images/teal/shop/wéb:1/json",
            query: [("filters", #"{"label":["a=b"]}"#), ("all", "1")], act: "ask")
        #expect(
            request.target
                == "/images/teal/shop/w%C3%A9b:1/json?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D&all=1"
        )
    }

    @Test("Both outputs of a container are put together, also from frames that are cut off")
    func frames() {
        let out: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 4] + Array("one\n".utf8)
        let error: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 9] + Array("two".utf8)
        let bytes = LogFrames(out + error).bytes
        #expect(LogFrames.lines(of: bytes) == ["one", "two"])
        #expect(LogFrames([1, 0, 0]).bytes == [])
        let long = [1, 0, 0, 0, 0, 0, 1, 4] + [UInt8](repeating: 0x61, count: 260)
        #expect(LogFrames(long).bytes.count == 260)
    }

    @Test("A log line cannot write to the terminal")
    func controlCharacters() {
        #expect(
            LogFrames.lines(of: Array("\u{1B}[31mred\u{7}\r\n\n\nplain".utf8)) == ["red", "plain"])
    }

    @Test("A container is read from the engine's own list")
    func listed() throws {
        let text = #"""
            [{"Id": "4f", "Names": ["/shop-green-web-1"], "ImageID": "sha256:1", "State": "running",
              "Status": "Up 3 seconds (healthy)", "Labels": {"teal.app": "shop",
              "teal.colour": "green", "teal.release": "20261120-213406-0001",
              "teal.service": "web", "teal.replica": "1", "teal.role": "exposed",
              "teal.grace": "90"}, "Ports": [],
              "NetworkSettings": {"Networks": {"shop-green": {"IPAddress": "10.1.0.10"},
              "edge": {"IPAddress": ""}}}}]
            """#
        let all = try JSONDecoder().decode([ListedContainer].self, from: Data(text.utf8))
        let container = try #require(all.first)
        #expect(container.name == "shop-green-web-1")
        #expect(container.replica?.description == "web-1")
        #expect(container.placement?.colour == .green)
        #expect(container.placement?.release.text == "20261120-213406-0001")
        #expect(container.role == .exposed)
        #expect(container.grace == .seconds(90))
        #expect(container.address(on: "shop-green") == "10.1.0.10")
        #expect(container.address(on: "edge") == nil)
    }

    @Test("An inspection is kept only as long as the list says the same of the container")
    func cache() async throws {
        func listed(_ status: String) throws -> ListedContainer {
            let text =
                #"{"Id": "a", "Names": [], "ImageID": "i", "State": "running", "Labels": {}, "#
                + #""Status": "\#(status)"}"#
            return try JSONDecoder().decode(ListedContainer.self, from: Data(text.utf8))
        }
        let text = #"""
            {"State": {"Status": "running", "ExitCode": 0, "OOMKilled": false, "Pid": 7},
             "RestartCount": 2, "Config": {"Tty": false},
             "HostConfig": {"RestartPolicy": {"Name": "", "MaximumRetryCount": 0}}}
            """#
        let inspected = try JSONDecoder().decode(InspectedContainer.self, from: Data(text.utf8))
        #expect(inspected.hostConfig.restartPolicy?.name == "no")
        let cache = InspectionCache()
        await cache.keep(inspected, for: try listed("Up 3 seconds"))
        #expect(await cache.container(for: try listed("Up 3 seconds"))?.restartCount == 2)
        #expect(await cache.container(for: try listed("Up Less than a second")) == nil)
        await cache.forgetAll(but: [])
        #expect(await cache.container(for: try listed("Up 3 seconds")) == nil)
    }

    @Test("A restart policy is read as a compose file writes it")
    func policies() {
        let policy = RestartPolicy(composeText: "on-failure:3")
        #expect(policy.name == "on-failure")
        #expect(policy.json == ["Name": "on-failure", "MaximumRetryCount": 3])
    }

    @Test(
        "Memory use leaves the file cache out, under the names of either cgroup version",
        arguments: [
            // Version 1, of Docker 20.10.
            (
                #"{"memory_stats": {"usage": 5365760, "max_usage": 9, "stats": "#
                    + #"{"cache": 4, "inactive_file": 1, "total_inactive_file": 1171456}}}"#,
                4_194_304
            ),
            // Version 2, which has no totals.
            (
                #"{"memory_stats": {"usage": 5365760, "stats": "#
                    + #"{"anon": 4, "file": 9, "inactive_file": 1171456}}}"#, 4_194_304
            ),
            // A cache that was counted a moment later.
            (#"{"memory_stats": {"usage": 5, "stats": {"inactive_file": 9}}}"#, 0),
            // A container that does not run, in version 1 and in version 2.
            (#"{"memory_stats": {}}"#, nil),
            (#"{"name": "/x"}"#, nil),
        ] as [(String, Int64?)])
    func memoryUse(_ text: String, _ bytes: Int64?) throws {
        let told = try JSONDecoder().decode(ContainerStatistics.self, from: Data(text.utf8))
        #expect(told.memory?.held == bytes.map(ByteCount.init(bytes:)))
    }
}
