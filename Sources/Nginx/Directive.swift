/// One directive of a running nginx's configuration, and where it stands.
struct Directive: Hashable, Sendable {
    /// Its name and its arguments, without quotes.
    let words: [String]
    /// The names of the blocks around it, outermost first: `["http", "server"]`.
    let context: [String]
    let file: String
    let line: Int
    /// Tells the block that it stands in apart from its neighbours.
    let block: Int

    var name: String { words.first ?? "" }

    var place: String { "\(file):\(line)" }
}
