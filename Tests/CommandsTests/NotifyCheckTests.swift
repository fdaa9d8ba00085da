import Notices
import Testing

@testable import Commands

@Suite("What `check` says of notices")
struct NotifyCheckTests {
    @Test("Nothing where nobody is named")
    func nobody() {
        #expect(NotifyCheck(settings: NotifySettings()).items.isEmpty)
    }

    @Test("Who would be told of what, without the secret part")
    func targets() throws {
        var settings = NotifySettings()
        let address = try WebhookAddress("https://hooks.slack.com/services/XXtokenXX")
        settings.targets = [
            NoticeTarget(.webhook(Webhook(.slack, at: address)), for: [.rolledBack, .aborted]),
            NoticeTarget(.command(try NoticeCommand(["aws", "XXtokenXX"])), for: [.unknown]),
        ]
        #expect(
            NotifyCheck(settings: settings) { $0 == "aws" }.items == [
                CheckItem(
                    name: "notify", level: .ok,
                    text: "tells the Slack webhook at hooks.slack.com: aborted, rolled_back\n"
                        + "tells the command aws: unknown")
            ])
    }

    @Test("A target that is left out and a program that is missing are worth a warning")
    func warnings() throws {
        var settings = NotifySettings()
        settings.leftOut = ["notify[1].webhook"]
        settings.targets = [NoticeTarget(.command(try NoticeCommand(["aws"])), for: [.aborted])]
        let items = NotifyCheck(settings: settings) { _ in false }.items
        #expect(items.map(\.level) == [.ok, .warn, .warn])
        #expect(items[1].text.hasPrefix("notify[1].webhook is left out"))
        #expect(items[2].text.hasPrefix("the program aws is not in PATH"))
    }
}
