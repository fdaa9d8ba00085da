import BlueGreen
import Notices

/// Its address may be the secret, so no mistake quotes it.
extension ConfigurationReader {
    static let heartbeatSection = Section<HeartbeatEntry>(
        "heartbeat", showing: ["url"],
        [
            Key("url", "\"${KUMA_PUSH_URL}\""),
            Key("every", "60s", \.every, .duration(atLeast: Heartbeat.leastEvery)),
        ])

    struct HeartbeatEntry {
        fileprivate var every = Heartbeat.usualEvery
        /// nil where none is named, and where its address came out empty.
        fileprivate(set) var heartbeat: Heartbeat?
        /// The path of an address that came out empty.
        fileprivate(set) var leftOut: String?
    }

    mutating func heartbeat(_ field: Field, _ entry: inout HeartbeatEntry) {
        guard let entries = read(field, Self.heartbeatSection, into: &entry) else { return }
        let example = "url: \"${KUMA_PUSH_URL}\""
        guard let place = entries["url"] else {
            note("\(field.path) must say its url, as in `\(example)`", at: field)
            return
        }
        guard let text = secretText(of: place, "a URL", example: example) else { return }
        if text.allSatisfy(\.isWhitespace) {
            entry.leftOut = place.path
            return
        }
        do throws(NoticesError) {
            entry.heartbeat = Heartbeat(to: try WebhookAddress(text), every: entry.every)
        } catch {
            note("\(place.path): \(error)", at: place)
        }
    }
}

extension AppConfiguration {
    /// nil where nobody outside expects one, or where the variable of its address is empty.
    var heartbeat: Heartbeat? { notify.heartbeat }
}
