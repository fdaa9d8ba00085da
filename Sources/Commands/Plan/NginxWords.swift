import BlueGreen

/// The calls of nginx that a plan shows, as a person would type them. Pure.
struct NginxWords: Hashable, Sendable {
    private let program: String
    private let config: String

    init(_ access: NginxAccess) {
        let binary = ShellWord.quoted(access.binary ?? "nginx")
        program = access.container.map { "docker exec \($0) \(binary)" } ?? binary
        config = access.config.map { " -c \(ShellWord.quoted($0))" } ?? ""
    }

    var reload: String { "\(program) -s reload\(config)" }

    /// Changed files are tested, then read.
    var change: [String] { ["\(program) -t", reload] }

    /// In `live` mode a link is enough where a colour has traffic before and after: the files name
    /// both. Without a colour on one side they do not.
    func switching(
        to colour: Colour?, from live: Colour?, _ mode: AppConfiguration.SwitchMode
    ) -> [String] {
        switch mode {
        case .live: colour == nil || live == nil ? change : []
        case .reload: [reload]
        }
    }
}
