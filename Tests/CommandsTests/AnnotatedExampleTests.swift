import BlueGreen
import FoundationEssentials
import Testing

@testable import Commands

@Suite("The annotated teal.yml in compose/")
struct AnnotatedExampleTests {
    private static let path = #filePath.components(separatedBy: "/").dropLast(3)
        .joined(separator: "/")

    private var text: String {
        get throws {
            let data = try #require(
                FileManager.default.contents(atPath: Self.path + "/compose/teal.yml"))
            return String(decoding: data, as: UTF8.self)
        }
    }

    @Test("The program carries it as it is, for `teal init --explain`")
    func carried() throws {
        #expect(try AnnotatedExample.text == text)
    }

    @Test("It is a configuration without mistakes")
    func parses() throws {
        let configuration = try AppConfiguration(
            yaml: try text, file: "teal.yml", environment: [:])
        #expect(configuration.app == "shop")
        #expect(configuration.services["web"]?.role == .exposed)
        #expect(configuration.services["catalog"]?.healthCheck?.method == .docker)
        #expect(configuration.services["store"]?.role == .shared)
        #expect(configuration.nginx.directory == "/etc/nginx/teal")
    }

    /// Whoever copies the file must get what it says that holds without it.
    @Test("It shows the bounds of a start, the policies and the reserve with their defaults")
    func defaults() throws {
        let configuration = try AppConfiguration(
            yaml: try text, file: "teal.yml", environment: [:])
        let defaults = DeploymentSettings()
        #expect(configuration.deployment.startAtMost == defaults.startAtMost)
        #expect(configuration.deployment.settle == defaults.settle)
        #expect(configuration.deployment.room == defaults.room)
        #expect(configuration.diskReserve == AppConfiguration.usualDiskReserve)
        #expect(configuration.deployment.bake == Bake())
        #expect(configuration.deployment.canary.every == Canary().every)
        #expect(configuration.deployment.promotion == defaults.promotion)
        var watch = WatchSettings(fall: 3, rise: 2, grace: .seconds(120))
        watch.onFailure = .restart
        #expect(configuration.watch == watch)
        let pause = "Default: \(defaults.startPause.compact)."
        #expect(try text.contains(pause), "no \(pause)")
    }

    @Test(
        "It mentions every key that is supported",
        arguments: ConfigurationReader.fileSection.allNames)
    func mentions(_ key: String) throws {
        let words = try text.split { !($0.isLetter || $0 == "_" || $0 == ":") }
        #expect(words.contains("\(key):"), "no \(key):")
    }
}
