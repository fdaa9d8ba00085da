package import BlueGreen
package import Orchestration

/// Published ports, which two colours cannot hold at once.
extension ComposeProject {
    package func portProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole,
        _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let ports = service.publishedPorts(own).filter { !$0.isOwn(own) }
        guard !ports.isEmpty else { return [] }
        let name = service.name
        var remedies: [Remedy] = []
        if role == .exposed {
            let dropped = own.unpublished.flatMap(Array.init) + ports.map(\.target)
            let it = ports.count == 1 ? "it is" : "they are"
            remedies.append(
                Remedy(
                    name, [.unpublished(PortList.ranges(dropped))], "so that \(it) not published"))
        } else {
            let visited = ports.first {
                $0.transport == "tcp" && !OtherProtocols.ports.contains($0.target)
            }
            if let port = visited {
                let role: [Remedy.Setting] = own.role == nil ? [] : [.role(.exposed)]
                remedies.append(
                    Remedy(name, role + [.port(port.target)], "if nginx is to reach it"))
            }
            let belonging = belonging(of: name, settings)
            let one = Remedy.shared(name, belonging, sharing(of: name, settings))
            let none = Remedy(name, [.publishNothing], "if only its own colour has to reach it")
            remedies += belonging == .unknown ? one + [none] : [none] + one
        }
        return [
            ServiceProblem(
                name,
                "\(name) publishes \(Self.named(ports))\(Self.inside(ports)), which two colours cannot "
                    + "hold at once.",
                remedies, otherwise: keepingPorts(service, role, settings))
        ]
    }

    /// nil where `role: shared` is a remedy by itself, or none at all.
    private func keepingPorts(
        _ service: ComposeService, _ role: ServiceRole, _ settings: [String: ServiceSettings]
    ) -> String? {
        let name = service.name
        guard role != .exposed, sharing(of: name, settings) == .impossible else { return nil }
        let known = Set(running(settings).map(\.name))
        func coloured(_ names: [String]) -> [String] {
            names.filter { known.contains($0) && self.role(of: $0, settings) != .shared }.sorted()
        }
        let hindering = coloured(Array(service.dependencies.keys))
        guard !hindering.isEmpty, coloured(service.borrowings.map(\.lender)).isEmpty else {
            return nil
        }
        return "if somebody needs that from outside and nginx is no way to it, "
            + Remedy.keepingPorts(of: name, without: hindering)
    }

    /// A number that stands for nothing is a mistake, and not a wish that came true.
    package func unknownPortProblems(
        _ service: ComposeService, _ own: ServiceSettings
    ) -> [ServiceProblem] {
        let all = service.publishedPorts
        let (known, unknown) = own.unpublished.reduce(
            into: ([ClosedRange<Int>](), [ClosedRange<Int>]())
        ) { lists, range in
            if all.contains(where: { $0.isMeant(by: range) }) {
                lists.0.append(range)
            } else {
                lists.1.append(range)
            }
        }
        guard !unknown.isEmpty else { return [] }
        let name = service.name
        let cause =
            "\(name) has `unpublished: [\(PortList.text(own.unpublished))]` in teal.yml, and "
            + "\(PortList.text(unknown)) is no port that the compose file publishes of it; "
            + (all.isEmpty ? "there is none." : "it publishes \(Self.named(all)).")
        guard !known.isEmpty else {
            return [ServiceProblem(name, "\(cause) Remove `unpublished:` from \(name).")]
        }
        return [ServiceProblem(name, cause, [Remedy(name, [.unpublished(known)])])]
    }

    /// What the lines of `teal.yml` call them, as they do the port that nginx reaches; empty where
    /// that is the same.
    private static func inside(_ ports: [ServiceOutline.PublishedPort]) -> String {
        guard ports.contains(where: { $0.numbers != [$0.target] }) else { return "" }
        return " (in the container \(PortList.text(PortList.ranges(ports.map(\.target)))))"
    }

    /// `port 90`, `the ports 53 (tcp, udp), 8000-8010`.
    package static func named(_ ports: [ServiceOutline.PublishedPort]) -> String {
        let transports = Dictionary(grouping: ports) { Set($0.numbers) }
            .mapValues { Set($0.map(\.transport)) }
        var byTransport: [Set<String>: Set<Int>] = [:]
        for (numbers, transports) in transports {
            byTransport[transports, default: []].formUnion(numbers)
        }
        let parts = byTransport.flatMap { transports, numbers in
            PortList.ranges(numbers).map { range in
                let plain = transports == ["tcp"]
                let ending = plain ? "" : " (\(transports.sorted().joined(separator: ", ")))"
                return (range.lowerBound, PortList.text([range]) + ending)
            }
        }.sorted { $0 < $1 }.map(\.1)
        let isOne = parts.count == 1 && !parts[0].contains("-")
        return (isOne ? "port " : "the ports ") + parts.joined(separator: ", ")
    }
}

extension ComposeService {
    /// Those that are left by `teal.yml`.
    package func publishedPorts(_ own: ServiceSettings) -> [ServiceOutline.PublishedPort] {
        publishedPorts.filter { !$0.isDropped(own) }
    }

    /// `ports:` of a shared service, without what `teal.yml` leaves unpublished.
    package func ports(_ own: ServiceSettings) -> JSONValue? {
        model["ports"]?.array.flatMap { entries in
            let left = entries.filter { entry in
                ServiceOutline.PublishedPort(entry).map { !$0.isDropped(own) } ?? true
            }
            return left.isEmpty ? nil : .array(left)
        }
    }
}

extension ServiceOutline.PublishedPort {
    package init?(_ port: JSONValue) {
        guard let target = port["target"]?.integer else { return nil }
        let published = port["published"]
        self.init(
            target: target,
            published: published?.string ?? published?.integer.map(String.init) ?? "",
            transport: port["protocol"]?.string ?? "tcp",
            isLoopback: ["127.0.0.1", "::1"].contains(port["host_ip"]?.string))
    }

    /// The port that nginx reaches at the containers' own addresses.
    package func isOwn(_ own: ServiceSettings) -> Bool { own.port == target && transport == "tcp" }

    package func isDropped(_ own: ServiceSettings) -> Bool {
        own.publish == .none || own.unpublished.contains(where: isMeant)
    }

    /// By its number on the host, or in the container.
    package func isMeant(by range: ClosedRange<Int>) -> Bool {
        range.contains(target) || numbers.contains(where: range.contains)
    }

    /// On the host; in the container where the engine chooses.
    package var numbers: [Int] {
        let bounds = published.split(separator: "-").compactMap { Int($0) }
        guard let low = bounds.first, let high = bounds.last, low <= high else { return [target] }
        return Array(low...high)
    }
}
