import Crypto
import DockerEngine
import HostSystem

/// The compose file's definition of one service, in a form that is equal from release to release as
/// long as the container would be: without the name that Teal gives the image and without a path in
/// a release's folder.
struct ServiceDefinition: Hashable, Sendable {
    let json: JSONValue

    /// Goes on the container as a label, and decides whether a database is replaced: two
    /// definitions must never share one.
    var digest: String {
        SHA256.hash(data: Array(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// The keys of the compose file under which the two say different things, in order.
    func keys(differingFrom other: ServiceDefinition) -> [String] {
        let own = json.object ?? [:]
        let others = other.json.object ?? [:]
        return Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
    }

    private var text: String {
        do {
            return try json.serialized()
        } catch {
            // A model that came from JSON has no number that JSON cannot write.
            preconditionFailure("a model cannot be written: \(error)")
        }
    }
}
