/// What became of each of the clients that take turns. They do so on one event loop, so that no
/// two of these are ever added up.
struct ClientTally: Sendable {
    /// Who lost a request.
    private(set) var failed: Set<Int> = []
    /// How often a client that a later release had answered was answered by an earlier one again.
    private(set) var returns = 0
    private var latest: [Int: Int] = [:]

    mutating func countLost(of client: Int) { failed.insert(client) }

    /// - Parameter release: a number that is the greater the later the release first answered.
    mutating func countAnswer(to client: Int, from release: Int) {
        if let before = latest.updateValue(release, forKey: client), before > release {
            returns += 1
        }
    }
}
