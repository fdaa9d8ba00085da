/// The result of `edge forget` with `--json`.
struct EdgeForgetDocument: Encodable {
    let formatVersion = 1
    let app: String
    let exitStatus = ExitStatus.done.rawValue
    let node: String
    /// Those that its nginx may still send requests to.
    let colours: [String]

    init(app: String, node: String, colours: [String]) {
        self.app = app
        self.node = node
        self.colours = colours
    }
}
