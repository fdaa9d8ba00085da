@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import FoundationEssentials
import Glibc
import HostSystem
import Testing

struct ReleaseFolderTests {
    private let files = FileSystem()

    /// A folder of the test's own that is gone afterwards.
    private func inFolder(_ test: (String) throws -> Void) throws {
        let folder = "/tmp/teal-release-\(UUID().uuidString)"
        try files.makeFolder(folder, access: .ownerOnly)
        defer { #expect(throws: Never.self) { try files.removeTree(folder) } }
        try test(folder)
    }

    private func set(_ project: ComposeProject) -> ContainerSet {
        ContainerSet(recorded: project, settings: [:], release: Fixture.release)
    }

    private func permissions(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test("A release is read back as it was recorded, whatever became of its sources")
    func roundTrip() throws {
        try inFolder { folder in
            let source = "\(folder)/site.conf"
            try AtomicFile.write("first", to: source, access: .everyoneReads)
            var model = Fixture.shop
            model["configs"]?["site"]?["file"] = .string(source)
            let release = ReleaseFolder(Fixture.release, in: "\(folder)/shop")
            let project = ComposeProject(app: "shop", model: model)
            let written = try release.write(
                ContainerSet(
                    project: project, settings: Fixture.shopSettings, release: Fixture.release),
                environment: [:])
            try AtomicFile.write("second", to: source, access: .everyoneReads)

            let set = try release.read()
            #expect(set == written)
            #expect(set.services == (try Fixture.shopSet().services))
            #expect(set.settings == Fixture.shopSettings)
            let copy = try #require(set.project.model["configs"]?["site"]?["file"]?.string)
            #expect(copy.hasPrefix(release.path))
            #expect(try files.readText(copy) == "first")
            #expect(set.project.model["services"]?["web"]?["environment"]?["TOKEN"] == "a$$b")
        }
    }

    @Test("A release that would be refused today can still be gone back to")
    func laterRules() throws {
        try inFolder { folder in
            let release = ReleaseFolder(Fixture.release, in: folder)
            let project = Fixture.project(["a": ["image": "x", "network_mode": "host"]])
            #expect(throws: DockerError.self) { try project.plan([:]) }
            try release.write(set(project), environment: [:])
            #expect(try release.read().services.map(\.name) == ["a"])
        }
    }

    @Test("Nobody but the owner can look into a release")
    func access() throws {
        try inFolder { folder in
            let release = ReleaseFolder(Fixture.release, in: folder)
            try release.write(
                set(Fixture.project(["a": ["image": "x"]])), environment: [:])
            #expect(try permissions(release.path) == 0o700)
            #expect(try permissions(release.modelFile) == 0o600)
        }
    }

    @Test("A built service's image gets the name that Compose gives it, in writing")
    func builtImage() throws {
        try inFolder { folder in
            let release = ReleaseFolder(Fixture.release, in: folder)
            try release.write(
                set(Fixture.project(["a": ["build": ["context": "/c"]]])), environment: [:])
            let model = try release.read().project.model
            #expect(model["services"]?["a"]?["image"] == "shop-a")
        }
    }

    @Test("Secrets from the environment and contents from the file become files, dollars and all")
    func secrets() throws {
        try inFolder { folder in
            let model: JSONValue = [
                "secrets": ["token": ["name": "t", "environment": "TOKEN"]],
                "configs": ["motd": ["name": "m", "content": "a$$b $$$$"]],
            ]
            let copies = FileCopies(folder: folder, environment: ["TOKEN": "s$$x"])
            let result = try copies.materialized(model)
            let token = try #require(result["secrets"]?["token"]?["file"]?.string)
            let motd = try #require(result["configs"]?["motd"]?["file"]?.string)
            #expect(try files.readText(token) == "s$$x")
            #expect(try files.readText(motd) == "a$b $$")
            #expect(result["secrets"]?["token"]?["environment"] == nil)
            #expect(result["configs"]?["motd"]?["content"] == nil)
        }
    }

    @Test("A copy of a file is whose the file is, with its mode")
    func ownedFile() throws {
        try inFolder { folder in
            let key = "\(folder)/key"
            try AtomicFile.write("k", to: key, access: .ownerOnly)
            let model: JSONValue = ["secrets": ["key": ["file": .string(key)]]]
            let result = try FileCopies(folder: folder, environment: [:]).materialized(model)
            let copy = try #require(result["secrets"]?["key"]?["file"]?.string)
            #expect(copy != key)
            #expect(try FileOwner(of: copy) == FileOwner(of: key))
            #expect(try permissions(copy) == 0o600)
        }
    }

    @Test("A content has the mode that each service names for it, at the place it has anyway")
    func modes() throws {
        try inFolder { folder in
            let own = try FileOwner(of: folder)
            let uses: JSONValue = [
                ["source": "motd", "mode": "0440", "uid": .string("\(own.user)")],
                ["source": "motd", "target": "/etc/motd"],
            ]
            let model: JSONValue = [
                "configs": ["motd": ["content": "hello"]],
                "secrets": ["token": ["environment": "TOKEN"]],
                "services": [
                    "a": ["configs": uses, "secrets": [["source": "token", "mode": 256]]],
                    "b": ["configs": [["source": "motd"]]],
                ],
            ]
            let copies = FileCopies(folder: folder, environment: ["TOKEN": "t"])
            let result = try copies.materialized(model)
            let first = try #require(result["services"]?["a"]?["configs"]?.array?.first)
            let special = try #require(first["source"]?.string)
            #expect(first["target"] == "/motd")
            #expect(first["mode"] == nil && first["uid"] == nil)
            let file = try #require(result["configs"]?[special]?["file"]?.string)
            #expect(try permissions(file) == 0o440)
            #expect(try files.readText(file) == "hello")
            let plain = try #require(result["configs"]?["motd"]?["file"]?.string)
            #expect(try permissions(plain) == 0o444)
            #expect(result["services"]?["a"]?["configs"]?.array?.last == uses.array?.last)
            #expect(result["services"]?["b"] == model["services"]?["b"])
            let secret = try #require(result["services"]?["a"]?["secrets"]?.array?.first)
            #expect(secret["target"] == "token")
            let token = try #require(
                result["secrets"]?[secret["source"]?.string ?? ""]?["file"]?.string)
            #expect(try permissions(token) == 0o400)
            // As a shared service's model is taken over.
            let again = FileCopies(folder: "\(folder)/again", environment: [:])
            try files.makeFolder(again.folder, access: .ownerOnly)
            let second = try again.materialized(result)
            let moved = try #require(second["configs"]?[special]?["file"]?.string)
            #expect(try permissions(moved) == 0o440)
        }
    }

    @Test("An owner that is no number and a mode that is not octal are refused by service and name")
    func badOwner() throws {
        for (key, value) in [("uid", "www-data"), ("mode", "0980"), ("gid", "-1")] {
            let model: JSONValue = [
                "configs": ["motd": ["content": "hello"]],
                "services": ["a": ["configs": [["source": "motd", key: .string(value)]]]],
            ]
            try inFolder { folder in
                let error = #expect(throws: DockerError.self) {
                    try FileCopies(folder: folder, environment: [:]).materialized(model)
                }
                #expect(error.map { "\($0)".contains("a gets motd") } == true)
            }
        }
    }

    @Test("A secret whose variable is not set is refused by both their names")
    func missingSecret() throws {
        let model: JSONValue = ["secrets": ["token": ["environment": "TOKEN"]]]
        #expect(throws: DockerError.noSecret(name: "token", variable: "TOKEN")) {
            _ = try FileCopies(folder: "/nowhere", environment: [:]).materialized(model)
        }
    }

    @Test("A release whose folder is gone is said to be gone")
    func gone() {
        let release = ReleaseFolder(Fixture.release, in: "/nowhere")
        #expect(
            throws: DockerError.noRelease(
                Fixture.release, folder: "/nowhere/releases/\(Fixture.release)")
        ) { _ = try release.read() }
    }

    /// Version 3 as it is on users' disks.
    private static let golden = #"""
        {
          "app" : "shop",
          "binds" : [
            {
              "kind" : "file", "service" : "web", "source" : "/srv/a.conf", "target" : "/a.conf"
            },
            {"service" : "web", "source" : "/srv/none", "target" : "/none"}
          ],
          "services" : {
            "web" : {
              "healthCheck" : {
                "deadline" : [6, 9319535557742690304],
                "fall" : 3,
                "interval" : [0, 1000000000000000000],
                "method" : {
                  "http" : {"expected" : [[200, 399]], "path" : "/healthz", "port" : 8080}
                },
                "rise" : 2,
                "timeout" : [0, 2000000000000000000]
              },
              "port" : 8080,
              "publish" : "compose",
              "replicas" : 2,
              "stopGrace" : [0, 5000000000000000000],
              "unpublished" : [[443, 443]],
              "volumes" : ["shared", "fresh"]
            }
          },
          "version" : 3
        }
        """#

    @Test("Settings of version 3 are read as they were meant")
    func goldenSettings() throws {
        let stored = try JSONDecoder().decode(StoredSettings.self, from: Data(Self.golden.utf8))
        let check = HealthCheck(
            method: .http(port: 8080, path: "/healthz", host: nil, expected: [200...399]))
        #expect(
            stored
                == StoredSettings(
                    app: "shop",
                    services: [
                        "web": ServiceSettings(
                            port: 8080, healthCheck: check, replicas: 2,
                            volumes: [.shared, .fresh],
                            unpublished: [443...443], stopGrace: .seconds(5))
                    ],
                    binds: [
                        BindSource(
                            service: "web", source: "/srv/a.conf", target: "/a.conf", kind: .file),
                        BindSource(
                            service: "web", source: "/srv/none", target: "/none", kind: nil),
                    ]))
    }

    @Test("Host numbers of version 1 are read as they were meant")
    func goldenHostNumbers() throws {
        let text = #"{"hosts": {"api/1": 12, "web/1": 10}, "version": 1}"#
        let hosts = try JSONDecoder().decode(HostNumbers.self, from: Data(text.utf8))
        #expect(hosts[Replica(service: "api", index: 1)] == 12)
        #expect(hosts[Replica(service: "web", index: 1)] == 10)
    }
}
