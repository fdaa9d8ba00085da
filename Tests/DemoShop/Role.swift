/// Which of the demo's services this process is. The role decides what `/` answers; all other
/// paths are the same in every role.
enum Role: Equatable {
    case web
    case catalog
    case store
    /// A queue, and its memory of who takes from it.
    case broker
    /// Takes messages from a broker.
    case consumer
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
            case "broker": .broker
            case "consumer": .consumer
            case "init": .initialise
            default: .other(name)
            }
    }

    var name: String {
        switch self {
        case .web: "web"
        case .catalog: "catalog"
        case .store: "store"
        case .broker: "broker"
        case .consumer: "consumer"
        case .initialise: "init"
        case .other(let name): name
        }
    }

    var keepsData: Bool {
        switch self {
        case .store, .broker: true
        case .web, .catalog, .consumer, .initialise, .other: false
        }
    }
}
