import Orchestration

/// The ports of a service by which nginx could reach it. Pure.
struct ServicePorts: Hashable, Sendable {
    struct Wish: Hashable, Sendable {
        let port: Int
        /// `VIRTUAL_PORT`, or a label.
        let source: String
    }

    /// Of ports that speak plain HTTP, the likeliest first.
    static let usual = [
        80, 8080, 3000, 8000, 5000, 8888, 8081, 8001, 3001, 4000, 8069, 8065, 2368, 9000, 8090,
        8008, 8082, 8083,
    ]
    /// Plain HTTP too, and often a development server's or a debugger's beside the real one.
    static let doubtful: Set<Int> = [
        4200, 5173, 5678,
    ]
    /// nginx speaks plain HTTP to it, so that a port that is usually TLS comes last. It would open,
    /// and so count as healthy, and answer every request with an error.
    static let secure: Set<Int> = [443, 4443, 8443, 9443]
    /// Debuggers and figures, which nobody visits.
    static let inward: Set<Int> = [
        2112, 2345, 4040, 5005, 9003, 9090, 6060, 9091, 9100, 9102, 9229, 9230, 9464, 9901, 8404,
        24678, 35729, 40000,
    ]
    /// Of stores, which no other program listens on.
    static let stores: Set<Int> = [
        1433, 3306, 4222, 5432, 5672, 6379, 9042, 9092, 11211, 27017,
    ]
    /// Other protocols than HTTP.
    static let others = OtherProtocols.ports

    /// Of those the ones that others in the internet speak to a service: mail, names, media, shells.
    static let outward: Set<Int> = [
        21, 22, 25, 53, 110, 143, 222, 465, 587, 853, 993, 995, 1883, 1935, 2222, 3478, 4190, 5222,
        5269, 5349, 8883, 25565,
    ]

    /// The TCP ports that the host listens on too, the best first.
    let published: [Int]
    /// The same with what speaks for each.
    let judged: [JudgedPort]
    private let exposed: [Int]
    /// Those that it tells without publishing them.
    var listening: [Int] { exposed.filter { !published.contains($0) } }
    /// That its own check or command names, where the files tell no other; nil where none does.
    private let named: Int?
    /// A label or a variable that tells a proxy the port.
    let wish: Wish?

    /// The compose file, an image or a proxy's label tells one.
    var areTold: Bool { wish != nil || !published.isEmpty || !exposed.isEmpty }

    init(_ service: ServiceOutline) {
        judged = Self.ranked(
            service.publishedPorts.filter { $0.transport == "tcp" }.map(\.target), of: service)
        published = judged.map(\.number)
        exposed = Self.ranked(service.exposedPorts, of: service).map(\.number)
        named = NamedPort(service)?.number
        wish = Self.wish(service)
    }

    /// nil where none is told that could speak HTTP.
    var best: Int? {
        let told = [wish?.port, published.first, exposed.first, named].compactMap(\.self)
        return told.first { !Self.others.contains($0) && !Self.inward.contains($0) }
            ?? told.first { !Self.others.contains($0) }
    }

    /// As `best`, else any there is, for a service that the user has chosen.
    var any: Int? { best ?? wish?.port ?? published.first ?? exposed.first ?? named }

    /// The published ports for which nearly as much speaks as for the best one, without it; none
    /// where a proxy is told the port.
    var rivals: [JudgedPort] {
        guard wish == nil, let best = judged.first, best.number == self.best else { return [] }
        return judged.dropFirst().filter {
            $0.mayBeVisited && best.weight - $0.weight < JudgedPort.clearLead
        }
    }

    private static func ranked(_ ports: [Int], of service: ServiceOutline) -> [JudgedPort] {
        let each = ports.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
        return each.map { JudgedPort($0, of: service) }.enumerated().sorted { left, right in
            let marks = [left, right].map { place, port in
                (-port.weight, usual.firstIndex(of: port.number) ?? usual.count, place)
            }
            return marks[0] < marks[1]
        }.map(\.element)
    }

    private static func wish(_ service: ServiceOutline) -> Wish? {
        let label = service.labels.keys.sorted().first {
            $0.hasPrefix("traefik.") && $0.hasSuffix("loadbalancer.server.port")
                && !$0.hasPrefix("traefik.tcp.") && !$0.hasPrefix("traefik.udp.")
        }
        if let label, let port = service.labels[label].flatMap({ Int($0) }) {
            return Wish(port: port, source: "a label of Traefik")
        }
        return service.environment["VIRTUAL_PORT"].flatMap { Int($0) }
            .map { Wish(port: $0, source: "VIRTUAL_PORT") }
    }
}
