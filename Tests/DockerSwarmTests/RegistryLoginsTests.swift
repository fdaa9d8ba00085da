import BlueGreen
import DockerEngine
import HostSystem
import Orchestration
import TestSupport
import Testing

@Suite("The credentials of a user's Docker configuration")
struct RegistryLoginsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func logins(
        _ text: String?, _ runner: ScriptedRunner = ScriptedRunner()
    ) throws -> RegistryLogins {
        if let text {
            try AtomicFile.write(text, to: folder("config.json"), access: .ownerOnly)
        }
        return RegistryLogins(environment: ["DOCKER_CONFIG": folder.path], runner: runner)
    }

    /// `printf 'deploy:s3cret' | base64`
    private static let entry = #"{"auth": "ZGVwbG95OnMzY3JldA=="}"#

    private static func password(_ server: String) -> RegistryCredentials {
        RegistryCredentials(server: server, .password(user: "deploy", "s3cret"))
    }

    @Test("They become the header that the engine reads, in the alphabet of URLs")
    func header() {
        let credentials = RegistryCredentials(
            server: "r:5000", .password(user: "deploy", "s3cret?>~"))
        // {"password":"s3cret?>~","serveraddress":"r:5000","username":"deploy"}
        let encoded =
            "eyJwYXNzd29yZCI6InMzY3JldD8-fiIsInNlcnZlcmFkZHJlc3MiOiJyOjUwMDAiLCJ1c2VybmFtZSI6"
            + "ImRlcGxveSJ9"
        #expect(credentials.header == encoded)
        #expect(RegistryCredentials.noHeader == "e30=")
    }

    @Test("No text made of them has the secret")
    func secrecy() {
        var dumped = ""
        dump(Self.password("r:5000"), to: &dumped)
        let texts = [
            "\(Self.password("r:5000"))", String(reflecting: Self.password("r:5000")),
            "\(Optional(Self.password("r:5000")) as Any)", dumped,
        ]
        for text in texts {
            #expect(text.contains("r:5000"))
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("deploy"))
        }
    }

    @Test(
        "An entry counts by its host, as Docker writes it and as people do",
        arguments: ["r.example:5000", "https://r.example:5000", "https://r.example:5000/v1/"])
    func entries(_ key: String) async throws {
        let logins = try logins(
            #"{"auths": {"other.example": {}, "\#(key)": \#(Self.entry)}}"#)
        #expect(
            try await logins.credentials(for: "r.example:5000")
                == Self.password("r.example:5000"))
        #expect(try await logins.credentials(for: "r.example") == nil)
        #expect(try await logins.credentials(for: "other.example") == nil)
    }

    @Test("Docker's own registry has the key of its address")
    func hub() async throws {
        let hub = "https://index.docker.io/v1/"
        let logins = try logins(#"{"auths": {"\#(hub)": \#(Self.entry)}}"#)
        #expect(
            try await logins.credentials(for: ImageName("redis:7").registry)
                == Self.password(hub))
        #expect(try await logins.credentials(for: "quay.io") == nil)
    }

    @Test(
        "An image's registry is the host of its name",
        arguments: [
            ("redis", "docker.io"), ("acme/web:1", "docker.io"),
            ("docker.io/acme/web", "docker.io"), ("r:5000/shop/web:2", "r:5000"),
            ("localhost/web", "localhost"), ("r.example/web@sha256:1", "r.example"),
            ("web.example:1", "docker.io"),
        ])
    func registries(_ image: String, _ registry: String) {
        #expect(ImageName(image).registry == registry)
    }

    @Test("Tokens are read beside passwords, and an empty one is none")
    func tokens() async throws {
        let logins = try logins(
            """
            {"auths": {"a": {"auth": "ZGVwbG95OnMzY3JldA==", "identitytoken": "t1"},
                       "b": {"registrytoken": "t2"}, "c": {"auth": "", "identitytoken": ""},
                       "d": {"username": "deploy", "password": "s3cret"}}}
            """)
        #expect(
            try await logins.credentials(for: "a")
                == RegistryCredentials(server: "a", .identityToken("t1")))
        #expect(
            try await logins.credentials(for: "b")
                == RegistryCredentials(server: "b", .registryToken("t2")))
        #expect(try await logins.credentials(for: "c") == nil)
        #expect(try await logins.credentials(for: "d") == Self.password("d"))
    }

    @Test("A registry's own program is asked once, by its standard input, before the common one")
    func helper() async throws {
        let runner = ScriptedRunner(
            .success(.printed(#"{"ServerURL": "r", "Username": "deploy", "Secret": "s3cret"}"#)),
            .success(.printed(#"{"ServerURL": "q", "Username": "<token>", "Secret": "t"}"#)))
        let logins = try logins(
            """
            {"credsStore": "pass", "credHelpers": {"r": "ecr-login"},
             "auths": {"r": {"auth": "eDp5"}, "q": {}}}
            """, runner)
        for _ in 1...2 {
            #expect(try await logins.credentials(for: "r") == Self.password("r"))
            #expect(
                try await logins.credentials(for: "q")
                    == RegistryCredentials(server: "q", .identityToken("t")))
        }
        #expect(
            runner.calls.map { [$0.executable] + $0.arguments + [$0.standardInput] } == [
                ["docker-credential-ecr-login", "get", "r"],
                ["docker-credential-pass", "get", "q"],
            ])
    }

    @Test("A program that does not know the registry means no credentials")
    func unknown() async throws {
        let answer = CommandResult(
            ending: .exited(1), standardOutput: "credentials not found in native keychain\n")
        let logins = try logins(#"{"credsStore": "pass"}"#, ScriptedRunner(.success(answer)))
        #expect(try await logins.credentials(for: "r") == nil)
    }

    @Test("Without a file nobody has logged in")
    func missing() async throws {
        #expect(try await logins(nil).credentials(for: "r") == nil)
    }

    @Test(
        "A file or a program that cannot be used is named, and nothing that it holds is told",
        arguments: [
            (#"{"auths": {"r": {"auth": "s3cret"#, "is no JSON"),
            (#"{"auths": {"r": {"auth": "czNjcmV0"}}}"#, "`docker login r`"),
            (#"{"credsStore": "../s3cret"}"#, "no program's"),
            (#"{"credsStore": "gone"}"#, "docker-credential-gone"),
            (#"{"credsStore": "locked"}"#, "the store is locked"),
            (#"{"credsStore": "odd"}"#, "cannot be read"),
        ])
    func faults(_ text: String, _ words: String) async throws {
        let runner = ScriptedRunner([
            ["docker-credential-locked", "get"]: .failed("the store is locked"),
            ["docker-credential-odd", "get"]: .printed("s3cret"),
        ])
        let logins = try logins(text, runner)
        for _ in 1...2 {
            let error = await #expect(throws: DockerError.self) {
                try await logins.credentials(for: "r")
            }
            let said = error.map { "\($0)" } ?? ""
            #expect(said.contains(words), "\(said)")
            #expect(!said.contains("s3cret"), "\(said)")
        }
    }
}
