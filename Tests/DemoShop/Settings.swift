import NIOCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The settings of this process, read once from the environment at the start.
struct Settings {
    let role: Role
    let version: String
    let colour: String?
    let release: String?
    let port: Int
    let catalog: Address?
    let store: Address?
    let broker: Address?
    /// Between two messages of a consumer.
    let consumePause: TimeAmount
    /// The folder that holds the counter and the broker's log; without it `/count` is passed on
    /// to `store`.
    let data: String?
    let shown: ShownFiles
    let health: HealthGate
    let faults: Faults
    let startDelay: TimeAmount
    /// Processor time that the start takes.
    let startCost: TimeAmount
    /// Held from the start on, in MB.
    let memory: Int
    let exitCode: Int32?
    let crashAfter: TimeAmount?
    let ignoresTermination: Bool
    let grace: TimeAmount

    /// Throws `Mistake`, which names the variable and its possible values.
    init(environment: Environment) throws {
        let reader = Reader(environment: environment)
        role = Role(name: environment["SHOP_ROLE"] ?? "web")
        version = environment["SHOP_VERSION"] ?? "unversioned"
        colour = environment["SHOP_COLOUR"] ?? environment["TEAL_COLOUR"]
        release = environment["SHOP_RELEASE"] ?? environment["TEAL_RELEASE"]
        port = try reader.number("SHOP_PORT", in: 1...65535) ?? 8080
        catalog = try reader.address("SHOP_CATALOG")
        store = try reader.address("SHOP_STORE")
        broker = try reader.address("SHOP_BROKER")
        consumePause = try reader.milliseconds("SHOP_CONSUME_MS") ?? .milliseconds(50)
        data = environment["SHOP_DATA"] ?? (role.keepsData ? "/data" : nil)
        let paths = environment["SHOP_SHOW"]?.split(separator: " ").map(String.init)
        shown = ShownFiles(paths: paths ?? [])
        health = HealthGate(
            always: try reader.flag("SHOP_FAIL_HEALTH") ? 500 : nil,
            failuresLeft: try reader.number("SHOP_HEALTH_FAILS", in: 0...1_000_000) ?? 0,
            hangs: try reader.flag("SHOP_HANG_HEALTH"),
            host: environment["SHOP_HEALTH_HOST"],
            readyAt: .now() + (try reader.milliseconds("SHOP_HEALTH_AFTER_MS") ?? .zero))
        faults = try reader.faults()
        startDelay = try reader.milliseconds("SHOP_START_DELAY_MS") ?? .zero
        startCost = try reader.milliseconds("SHOP_START_CPU_MS") ?? .zero
        memory = try reader.number("SHOP_MEMORY_MB", in: 0...4096) ?? 0
        exitCode = try reader.number("SHOP_EXIT_CODE", in: 0...255).map(Int32.init)
        crashAfter = try reader.milliseconds("SHOP_CRASH_AFTER_MS")
        ignoresTermination = try reader.flag("SHOP_IGNORE_TERM")
        grace = try reader.milliseconds("SHOP_GRACE_MS") ?? .seconds(10)
    }

    /// A variable with an impossible value.
    struct Mistake: Error, CustomStringConvertible {
        let name: String
        let value: String
        let wanted: String

        var description: String { "\(name)=\(value) is not \(wanted). Next: correct or unset it." }
    }

    private struct Reader {
        let environment: Environment

        func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
            guard let text = environment[name] else { return nil }
            guard let number = Int(text), range.contains(number) else {
                let wanted = "a number from \(range.lowerBound) to \(range.upperBound)"
                throw Mistake(name: name, value: text, wanted: wanted)
            }
            return number
        }

        func milliseconds(_ name: String) throws -> TimeAmount? {
            try number(name, in: 0...86_400_000).map { .milliseconds(Int64($0)) }
        }

        func flag(_ name: String) throws -> Bool {
            try number(name, in: 0...1) == 1
        }

        func faults() throws -> Faults {
            let counts = 1...1_000_000
            var faults = Faults()
            faults.failsEvery = try number("SHOP_FAIL_EVERY", in: counts)
            faults.delay = try milliseconds("SHOP_DELAY_MS") ?? .zero
            faults.leak = try number("SHOP_LEAK_MB", in: 0...4096) ?? 0
            faults.leakAfter = try milliseconds("SHOP_LEAK_AFTER_MS") ?? .zero
            faults.unhealthyAfter = try number("SHOP_UNHEALTHY_AFTER", in: counts)
            faults.crashAfter = try number("SHOP_CRASH_AFTER", in: counts)
            return faults
        }

        func address(_ name: String) throws -> Address? {
            guard let text = environment[name] else { return nil }
            guard let address = Address(url: text) else {
                throw Mistake(name: name, value: text, wanted: "like http://name:port/path")
            }
            return address
        }
    }
}

/// Where settings are looked up by name; an empty value counts as none, because Compose hands on
/// `${NAME:-}` as an empty string.
struct Environment: Sendable {
    private let lookUp: @Sendable (String) -> String?

    static let process = Environment { name in
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }

    init(lookUp: @escaping @Sendable (String) -> String?) {
        self.lookUp = lookUp
    }

    subscript(name: String) -> String? {
        guard let value = lookUp(name), !value.isEmpty else { return nil }
        return value
    }
}

/// Which of the demo's services this process is. The role decides what `/` answers; all other
/// paths are the same in every role.
enum Role: Equatable {
    case web
    case catalog
    case store
    /// A queue that remembers its consumers.
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
