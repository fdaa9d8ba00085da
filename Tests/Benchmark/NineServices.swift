import HostSystem
import TestSupport

/// The set of `compose/nine`: five services shared by both colours, four of each colour, the last
/// of which runs in one of them.
enum NineServices {
    static let coloured = ["gateway", "chat", "gesture", "consumer"]
    static let all = ["rabbitmq", "zookeeper", "kafka", "config", "eureka"] + coloured

    /// - Parameter start: a line that takes the place of the example's own about the start; nil
    ///   for that.
    static func write(to story: Story, start: String?) throws {
        try story.write(story.source("compose/nine/compose.yml"), to: "compose.yml")
        let example = try story.source("compose/nine/teal.yml")
        // The story has an app and an nginx of its own.
        var lines = withoutEntries(["app", "nginx"] + (start == nil ? [] : ["start"]), of: example)
        lines.append(start ?? "")
        // The next measurement is to begin with one colour again.
        lines.append("keep: {previous: removed}")
        try story.writeConfiguration(lines.joined(separator: "\n"))
    }

    private static func withoutEntries(_ keys: [String], of text: String) -> [String] {
        var isLeftOut = false
        return text.split(separator: "\n").map(String.init).filter { line in
            if let first = line.first, first.isLetter {
                isLeftOut = keys.contains(String(line.prefix { $0 != ":" }))
            }
            return !isLeftOut
        }
    }
}
