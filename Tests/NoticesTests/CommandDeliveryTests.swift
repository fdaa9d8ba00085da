import BlueGreen
import HostSystem
import TestSupport
import Testing

@testable import Notices

@Suite("Delivery to commands")
struct CommandDeliveryTests {
    private let clock = ManualClock(skippingWaitsTo: .seconds(2))

    private func send(
        _ notice: Notice = .full, by runner: any CommandRunner, _ words: String...
    ) async throws -> NoticeOutcome {
        let target = NoticeTarget(
            .command(try NoticeCommand(words)), for: Set(NoticeEvent.allCases))
        let outcomes = await NoticeSender(runner: runner, clock: clock).send(notice, to: [target])
        return try #require(outcomes.first)
    }

    @Test("Placeholders stand for whole values, wherever they are in a word")
    func placeholders() async throws {
        let runner = ScriptedRunner(.success(CommandResult(ending: .exited(0))))
        var notice = Notice.full
        notice.reason = "{subject} $(id) `id` {text}"
        let outcome = try await send(
            notice, by: runner, "aws", "sns", "publish", "--subject", "{subject}",
            "--message={text}", "{other}")
        #expect(outcome.failure == nil)
        let words = PrintableNotice(notice)
        let call = try #require(runner.calls.first)
        #expect(call.executable == "aws")
        #expect(
            call.arguments == [
                "sns", "publish", "--subject", words.subject, "--message=" + words.text, "{other}",
            ])
        #expect(call.standardInput == words.text + "\n")
        #expect(call.timeLimit == .seconds(10))
    }

    @Test("The environment says each part by itself")
    func environment() async throws {
        let runner = ScriptedRunner(.success(CommandResult(ending: .exited(0))))
        _ = try await send(by: runner, "tell")
        let environment = try #require(runner.calls.first).environment
        let words = PrintableNotice(.full)
        #expect(
            environment == [
                "TEAL_EVENT": "rolled_back", "TEAL_APP": "shop", "TEAL_HOST": "web-1",
                "TEAL_AT": "2026-11-20T21:34:05Z", "TEAL_COLOUR": "green",
                "TEAL_RELEASE": "20261120-213407-0002", "TEAL_LABEL": "v42",
                "TEAL_PREVIOUS_RELEASE": "20261120-213406-0001",
                "TEAL_REASON": words.reason, "TEAL_NEXT": "teal deploy --app shop",
                "TEAL_OTHERWISE": "", "TEAL_UNTIL": "", "TEAL_PREVIEW_URL": "",
                "TEAL_ABOUT": "",
                "TEAL_SUBJECT": words.subject, "TEAL_TEXT": words.text,
            ])
    }

    @Test("A command that fails is tried again; its last line is the reason, without secrets")
    func failing() async throws {
        let failed = CommandResult(
            ending: .exited(254), standardError: "\nbad credentials for XXtokenXX\n")
        let runner = ScriptedRunner(.success(failed))
        let outcome = try await send(by: runner, "/usr/bin/tell", "--key=XXtokenXX")
        #expect(runner.calls.count == 3)
        #expect(
            outcome.warning == "The notice `rolled_back` did not get through to the command tell "
                + "(tried 3 times): it exited with 254 (bad credentials for [hidden]). "
                + "Next: run the command under `notify` in teal.yml by hand.")
    }

    @Test("A command that does not end is ended, and its remedy is no address")
    func endless() async throws {
        let runner = ScriptedRunner(.success(CommandResult(ending: .timedOut(.seconds(10)))))
        let outcome = try await send(by: runner, "tell")
        #expect(
            outcome.warning == "The notice `rolled_back` did not get through to the command tell "
                + "(tried 3 times): it did not end within 10 s and was ended. "
                + "Next: run the command under `notify` in teal.yml by hand.")
    }

    @Test("A command that is not there is not tried again")
    func missing() async throws {
        let runner = ScriptedRunner(.failure(.programNotFound("tell")))
        let outcome = try await send(by: runner, "tell")
        #expect(runner.calls.count == 1)
        #expect(outcome.failure == .notStarted(reason: "the program was not found in PATH"))
    }

    @Test("A real program reads the text and sees the variables")
    func real() async throws {
        let script = #"read -r line; test "$line" = "$(echo "$TEAL_TEXT" | head -n 1)""#
        let outcome = try await send(by: SubprocessCommandRunner(), "sh", "-c", script)
        #expect(outcome.failure == nil)
    }

    @Test("A command has to name a program")
    func empty() {
        #expect(throws: NoticesError.emptyCommand) { try NoticeCommand([]) }
        #expect(throws: NoticesError.emptyCommand) { try NoticeCommand([""]) }
    }
}
