@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import Testing
import TestSupport

struct ErrorTests {
    static let all: [DockerError] = [
        .noCompose, .oldCompose(version: "1.29.2"), .compose(act: "do it", text: "because."),
        .unreadableModel(reason: "x"), .noServices,
        .refused([ServiceProblem("a", "a is wrong. Mend it.")]),
        .noSecret(name: "s", variable: "V"), .badEndpoint("ssh://h"),
        .noDaemon(endpoint: "e", reason: "r"), .noPermission(endpoint: "e"),
        .oldEngine(version: "1.40"), .noAnswer(act: "start x", within: .seconds(20)),
        .engine(act: "start x", status: 500, text: "no"),
        .unreadableAnswer(act: "list", reason: "r"),
        .imageNotPulled(image: "i", service: "s", text: "t"),
        .imageNotBuilt(service: "s", text: "t"),
        .imageGone(service: "s", release: Fixture.release, image: "i"),
        .noRelease(Fixture.release, folder: "/f"), .foreignNetwork("n"),
        .networksInUse(["n": ["mine"]]),
        .smallNetwork("n", subnet: "10.0.0.0/29"), .noAddressLeft(network: "n", subnet: "s"),
        .containerMissing("c"), .strangers(["mine"], project: "shop-blue", app: "shop"),
        .emptyColour(app: "shop", .blue), .badStoredFile(path: "/p", reason: "r"),
        .sharedNotPutBack(service: "s", text: "no.", command: "docker compose up s"),
        .diskFull(
            DiskShortage(
                service: "s", moment: .before, folder: "/f", free: .zero, need: .zero,
                reserve: .zero)),
    ]

    @Test("Every error has words of its own", arguments: all)
    func words(_ error: DockerError) {
        #expect("\(error)".count > 10)
        #expect(!"\(error)".contains("DockerError"))
        #expect(Self.all.filter { "\($0)" == "\(error)" }.count == 1)
    }

    @Test("A program that says nothing is quoted by its exit code")
    func silent() {
        #expect(CommandResult(ending: .exited(17)).complaint == "it ended with exit code 17.")
        #expect(
            CommandResult(ending: .timedOut(.seconds(60))).complaint
                == "it did not finish within 60 s.")
        #expect(CommandResult(ending: .signalled(9)).complaint == "it was ended by signal 9.")
    }

    @Test("Of a program's words the last lines are quoted, without escapes")
    func words() {
        let result = CommandResult.failed("one\n\u{1B}[31mtwo\u{1B}[0m\n\nthree\n")
        #expect(result.complaint == "one / two / three")
        #expect(result.complaint(lines: 1) == "three")
    }
}
