import BlueGreen
import HostSystem
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import DockerEngine

/// With the lines that Docker 20.10 and a registry of Debian's package have answered.
@Suite("A push to a registry", .timeLimit(.minutes(20)))
struct RegistryPushTests {
    private static let digest = "sha256:" + String(repeating: "0a", count: 32)
    private static let pong = Receiver.Answer.status(200, fields: ["Api-Version": "1.41"])

    private static let lines = """
        {"status":"The push refers to repository [r:5000/shop/web]"}
        {"status":"Preparing","progressDetail":{},"id":"5f70bf18a086"}
        {"status":"Preparing","progressDetail":{},"id":"a3b5c80a4eba"}
        {"status":"Layer already exists","progressDetail":{},"id":"5f70bf18a086"}
        {"status":"Pushing","progressDetail":{"current":512,"total":40000000},"id":"a3b5c80a4eba"}
        {"status":"Pushing","progressDetail":{"current":20000000,"total":40000000},"id":"a3b5c80a4eba"}
        {"status":"Pushing","progressDetail":{"current":20000001,"total":40000000},"id":"a3b5c80a4eba"}
        {"status":"Retrying in 2 seconds","progressDetail":{},"id":"a3b5c80a4eba"}
        {"status":"Retrying in 1 second","progressDetail":{},"id":"a3b5c80a4eba"}
        {"status":"Pushed","progressDetail":{},"id":"a3b5c80a4eba"}
        {"status":"one: digest: \(digest) size: 736"}
        {"progressDetail":{},"aux":{"Tag":"one","Digest":"\(digest)","Size":736}}

        """

    private static func failure(_ text: String) -> String {
        """
        {"status":"The push refers to repository [r:5000/shop/web]"}
        {"errorDetail":{"message":"\(text)"},"error":"\(text)"}

        """
    }

    @Test(
        "Its lines come in any pieces, and tell progress that is news", arguments: [1, 7, 100_000])
    func pieces(_ length: Int) {
        var account = PushAccount()
        var told: [String] = []
        let bytes = Array(Self.lines.utf8)
        for start in stride(from: 0, to: bytes.count, by: length) {
            told += account.take(Array(bytes[start..<min(start + length, bytes.count)]))
        }
        #expect(account.digest == Self.digest)
        #expect(account.failure == nil)
        #expect(
            told == [
                "layer 1 of 2 there already", "50 % of 40 MB",
                "a3b5c80a4eba: Retrying in 2 seconds", "layer 2 of 2 pushed",
            ])
    }

    /// - Returns: the request as well, where it has come to the daemon.
    private func pushing(
        _ answer: Receiver.Answer, as credentials: RegistryCredentials? = nil,
        _ limits: PushLimits = PushLimits()
    ) async throws -> (Result<String, DockerError>, Receiver.Request?) {
        let folder = try TemporaryFolder()
        let daemon = try await Receiver.start(Self.pong, answer, at: folder("docker.sock"))
        let api = EngineAPI(.socket(path: folder("docker.sock")))
        let result: Result<String, DockerError>
        do {
            result = .success(
                try await api.pushImage(
                    repository: "r:5000/shop/web", tag: "one", as: credentials, limits,
                    onLine: { _ in }))
        } catch let error as DockerError {
            result = .failure(error)
        }
        try await api.shutDown()
        try await daemon.stop()
        var requests = daemon.requests.dropFirst().makeAsyncIterator()
        return (result, await requests.next())
    }

    @Test("It ends with the digest of the registry, and always has a word of the credentials")
    func digest() async throws {
        let (result, request) = try await pushing(.status(200, body: Self.lines))
        #expect(try result.get() == Self.digest)
        #expect(request?.path == "/v1.41/images/r:5000/shop/web/push?tag=one")
        #expect(request?.fields["X-Registry-Auth"] == ["e30="])
        let credentials = RegistryCredentials(
            server: "r:5000", .password(user: "deploy", "s3cret"))
        let (_, second) = try await pushing(.status(200, body: Self.lines), as: credentials)
        #expect(second?.fields["X-Registry-Auth"] == [credentials.header])
    }

    @Test("One that has failed is told though its status is 200")
    func failure() async throws {
        let text = "unauthorized: authentication required"
        let (result, _) = try await pushing(.status(200, body: Self.failure(text)))
        #expect(
            result == .failure(.notPushed(image: "r:5000/shop/web:one", .refused(text))))
    }

    @Test("So is one that the engine does not begin, and one that ends without a digest")
    func noBeginning() async throws {
        let text = "dial tcp: lookup r: no such host"
        let (refused, _) = try await pushing(.status(500, body: #"{"message": "\#(text)"}"#))
        #expect(
            refused == .failure(.notPushed(image: "r:5000/shop/web:one", .unreachable(text))))
        let (cut, _) = try await pushing(.status(200, body: "{\"status\": \"Preparing\"}\n"))
        guard case .failure(.notPushed(_, .other(let words))) = cut else {
            Issue.record("\(cut)")
            return
        }
        #expect(words.contains("no digest"))
    }

    @Test("One of which nothing is heard any more is given up")
    func silence() async throws {
        var limits = PushLimits()
        limits.silence = .milliseconds(50)
        let (result, _) = try await pushing(.silence, limits)
        #expect(
            result
                == .failure(
                    .notPushed(image: "r:5000/shop/web:one", .silent(.milliseconds(50)))))
    }

    @Test(
        "The words of engine and registry say what to do next",
        arguments: [
            (
                "Get \"https://r:5000/v2/\": http: server gave HTTP response to HTTPS client",
                "\"insecure-registries\": [\"r:5000\"]"
            ),
            ("Get \"https://r:5000/v2/\": x509: certificate signed by unknown authority", "ca.crt"),
            (
                "Get \"http://r:5000/v2/\": dial tcp 10.0.0.1:5000: connect: connection refused",
                "curl"
            ),
            ("no basic auth credentials", "docker login r:5000"),
            ("denied: requested access to the resource is denied", "docker login r:5000"),
            ("name unknown: The repository with name 'web' does not exist", "Make the repository"),
            ("received unexpected HTTP status: 500 Internal Server Error", "full disk"),
            ("blob upload invalid: write: no space left on device", "full disk"),
            ("something else", "docker push"),
        ])
    func remedies(_ text: String, _ words: String) {
        let said = "\(DockerError.notPushed(image: "r:5000/web:1", RegistryFault(text: text)))"
        #expect(said.contains(text))
        #expect(said.contains(words), "\(said)")
    }
}
