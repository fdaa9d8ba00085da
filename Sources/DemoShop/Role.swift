/// Which of the demo's services this process is. The role decides what `/` answers; all other
/// paths are the same in every role.
enum Role: Equatable {
    case web
    case catalog
    case store
    /// Does its one-shot work and exits.
    case initialise
    /// Any further name: a service with nothing of its own.
    case other(String)

    init(name: String) {
        self =
            switch name {
            case "web": .web
            case "catalog": .catalog
            case "store": .store
            case "init": .initialise
            default: .other(name)
            }
    }

    var name: String {
        switch self {
        case .web: "web"
        case .catalog: "catalog"
        case .store: "store"
        case .initialise: "init"
        case .other(let name): name
        }
    }
}
