/// The memory of the hosts that a cluster may place a set on, beside the needs of the set.
package struct NodesRoom: Hashable, Sendable {
    /// The need of one service that is started.
    package struct Need: Hashable, Sendable {
        /// The origin of a figure.
        package enum Source: Hashable, Sendable {
            /// The memory that the compose file reserves for it.
            case reserved
            /// Its memory limit.
            case declared
            /// The most that a release of it was seen to use.
            case seen
        }

        package let service: String
        /// How many of its containers are started.
        package let replicas: Int
        /// Of one container; nil where nothing is known of it, so that it is not counted.
        package let each: ByteCount?
        /// nil where `each` is.
        package let source: Source?
        /// The cluster places a container only where so much is not reserved by others.
        package let reserved: ByteCount
        /// The names of those that may run it.
        package let nodes: Set<String>
        /// Whether a node runs one container of it at most.
        package let isOnePerNode: Bool
        /// Gives its memory back before others are started.
        package let isOneShot: Bool

        package init(
            service: String, replicas: Int, each: ByteCount?, source: Source?,
            reserved: ByteCount = .zero, nodes: Set<String>, isOnePerNode: Bool = false,
            isOneShot: Bool = false
        ) {
            self.service = service
            self.replicas = replicas
            self.each = each
            self.source = source
            self.reserved = reserved
            self.nodes = nodes
            self.isOnePerNode = isOnePerNode
            self.isOneShot = isOneShot
        }
    }

    /// A host that may run some of it.
    package struct Node: Hashable, Sendable {
        package let name: String
        /// nil where it has not told.
        package let memory: NodeMemory?
        /// Held by containers of the candidate's colour that go before anything is started.
        package let freed: ByteCount
        /// All of its memory without the reservations of what stays; nil where the cluster does not
        /// tell it.
        package let unreserved: ByteCount?

        package init(
            name: String, memory: NodeMemory?, freed: ByteCount = .zero, unreserved: ByteCount?
        ) {
            self.name = name
            self.memory = memory
            self.freed = freed
            self.unreserved = unreserved
        }
    }

    /// In start order. Running containers need nothing, nor do singletons that take the place of a
    /// running one.
    package let needs: [Need]
    /// In alphabetical order.
    package let nodes: [Node]
    /// The memory that must stay free on each.
    package let reserve: ByteCount

    package init(needs: [Need], nodes: [Node], reserve: ByteCount) {
        self.needs = needs
        self.nodes = nodes
        self.reserve = reserve
    }

    /// nil where the node has not told its memory.
    func have(_ node: Node) -> ByteCount? {
        node.memory.map { $0.available + $0.swapFree + node.freed - reserve }
    }

    package var fits: Bool {
        let placement = NodesPlacement(self)
        return placement.unplaced == nil && placement.tightest.map { $0.needed <= $0.have } ?? true
    }

    /// The node where the least would be left; nil where nothing is known of the set or of nodes.
    package var tightest: (name: String, needed: ByteCount, have: ByteCount)? {
        NodesPlacement(self).tightest
    }

    /// Whether it fits by all that is known, or the user wants it to be tried.
    package func isAllowed(by policy: RoomPolicy) -> Bool { fits || policy == .warn }
}

/// The containers of a set on the nodes, as a cluster spreads them: each goes to a node with the
/// fewest of its service. Of several such nodes it goes to the one with the most memory, so that a
/// set which does not fit so fits in no other way. Pure.
struct NodesPlacement: Sendable {
    struct Spot: Sendable {
        let node: NodesRoom.Node
        /// nil where nobody knows.
        let have: ByteCount?
        var held = ByteCount.zero
        /// The most at once.
        var needed = ByteCount.zero
        var reserved = ByteCount.zero
        /// How many of each service.
        var services: [String: Int] = [:]

        var left: ByteCount { have.map { $0 - held } ?? ByteCount(bytes: .max) }

        func takes(_ reservation: ByteCount) -> Bool {
            guard reservation > .zero, let unreserved = node.unreserved else { return true }
            return reserved + reservation <= unreserved
        }

        var unreserved: ByteCount? { node.unreserved.map { $0 - reserved } }

        mutating func put(_ need: NodesRoom.Need) {
            services[need.service, default: 0] += 1
            reserved = reserved + need.reserved
            guard let each = need.each else { return }
            needed = max(needed, held + each)
            if !need.isOneShot { held = held + each }
        }
    }

    private(set) var spots: [Spot]
    /// A container with a reservation that no node has, and the most that one has.
    private(set) var unplaced: (need: NodesRoom.Need, most: ByteCount)?

    init(_ room: NodesRoom) {
        spots = room.nodes.map { Spot(node: $0, have: room.have($0)) }
        for need in room.needs.sorted(by: Self.isHarder) { place(need) }
    }

    /// One-shots come before all that stays; then the least free to choose, and the greatest.
    private static func isHarder(_ one: NodesRoom.Need, _ other: NodesRoom.Need) -> Bool {
        if one.isOneShot != other.isOneShot { return one.isOneShot }
        if one.nodes.count != other.nodes.count { return one.nodes.count < other.nodes.count }
        let (size, otherSize) = (one.each ?? .zero, other.each ?? .zero)
        return size == otherSize ? one.service < other.service : size > otherSize
    }

    private mutating func place(_ need: NodesRoom.Need) {
        for _ in 0..<need.replicas {
            let open = spots.indices.filter { index in
                let own = spots[index].services[need.service] ?? 0
                return need.nodes.contains(spots[index].node.name)
                    && !(need.isOnePerNode && own > 0)
            }
            // Nothing of memory keeps it from its nodes.
            if open.isEmpty { return }
            let able = open.filter { spots[$0].takes(need.reserved) }
            guard !able.isEmpty else {
                let most = open.compactMap { spots[$0].unreserved }.max() ?? .zero
                unplaced = unplaced ?? (need, most)
                return
            }
            let fewest = able.map { spots[$0].services[need.service] ?? 0 }.min() ?? 0
            let equal = able.filter { (spots[$0].services[need.service] ?? 0) == fewest }
            guard let best = equal.max(by: { spots[$0].left < spots[$1].left }) else { return }
            spots[best].put(need)
        }
    }

    /// The spot with the least left of those where something is known of both sides.
    var tightest: (name: String, needed: ByteCount, have: ByteCount)? {
        spots.compactMap { spot in
            spot.have.flatMap { have in
                spot.needed > .zero ? (spot.node.name, spot.needed, have) : nil
            }
        }.min { $0.have - $0.needed < $1.have - $1.needed }
    }
}

extension NodesRoom {
    /// `needs 812 MB of 1204 MB on node2`, of the node where the least would be left.
    package var summary: String {
        let placement = NodesPlacement(self)
        if let (need, most) = placement.unplaced {
            return "reserves \(need.reserved.wholeMebibytes) MB for a container of "
                + "\(need.service), and no node that may run it has more than "
                + "\(max(.zero, most).wholeMebibytes) MB left that is not reserved"
        }
        guard let tightest = placement.tightest else {
            return needs.isEmpty
                ? "needs no more memory than it has" : "needs an amount of memory that is not known"
        }
        return "needs \(tightest.needed.wholeMebibytes) MB of "
            + "\(max(.zero, tightest.have).wholeMebibytes) MB on \(tightest.name)"
    }

    /// One sentence on the services of which nothing is known; nil where there are none.
    package var unknown: String? {
        let names = needs.filter { $0.each == nil }.map(\.service)
        guard !names.isEmpty else { return nil }
        return "not known and not counted: \(names.joined(separator: ", ")). Declare it in the "
            + "compose file (`deploy.resources`)"
    }

    /// Needs and nodes in MB, a line for each.
    package var table: String {
        (needLines + nodeLines + notes.map { "  \($0)" }).joined(separator: "\n")
    }

    private var needLines: [String] {
        let head = ["service", "containers", "each", "MB", "known from"]
        let rows = needs.map { need in
            [
                need.service, "\(need.replicas)", need.each?.figure ?? "-",
                need.each.map { ($0 * need.replicas).figure } ?? "-",
                need.source?.words ?? "nothing: not counted",
            ]
        }
        return rows.isEmpty ? [] : TextTable([head] + rows, figures: [1, 2, 3], indent: 2).lines
    }

    private var nodeLines: [String] {
        let head = ["node", "needs", "has", "not reserved", "would get"]
        let rows = NodesPlacement(self).spots.map { spot in
            [
                spot.node.name, spot.needed.figure, spot.have.map { max(.zero, $0).figure } ?? "-",
                spot.node.unreserved.map { max(.zero, $0).figure } ?? "-",
                spot.services.sorted { $0.key < $1.key }
                    .map { $0.value == 1 ? $0.key : "\($0.value) of \($0.key)" }
                    .joined(separator: ", "),
            ]
        }
        return TextTable([head] + rows, figures: [1, 2, 3], indent: 2).lines
    }

    private var notes: [String] {
        let silent = nodes.filter { $0.memory == nil }.map(\.name)
        let ofSilent =
            silent.isEmpty
            ? nil : "\(silent.joined(separator: ", ")) did not tell its memory: it is not judged"
        let reserve =
            reserve > .zero ? "kept free on each node: \(reserve.figure) MB" : nil
        return [unknown, ofSilent, reserve].compactMap(\.self)
    }
}

extension ByteCount {
    fileprivate var figure: String { "\(wholeMebibytes)" }
}

extension NodesRoom.Need.Source {
    fileprivate var words: String {
        switch self {
        case .reserved: "its reservation"
        case .declared: RoomNeed.Source.declared.words
        case .seen: RoomNeed.Source.seen.words
        }
    }
}
