package import BlueGreen

/// A change of one service's entry in `teal.yml` that settles a problem, or leads on to the next.
package struct Remedy: Hashable, Sendable {
    /// One key of the entry with its new value.
    package enum Setting: Hashable, Sendable {
        case role(ServiceRole)
        case port(Int)
        case replicas(Int)
        /// Beside what the entry says already.
        case volumes(ServiceSettings.VolumeUse)
        /// In place of what the entry says.
        case unpublished([ClosedRange<Int>])
        case publishNothing
    }

    package let service: String
    package let settings: [Setting]
    /// When it is right, as the end of a sentence; empty where it always is.
    package let purpose: String

    package init(_ service: String, _ settings: [Setting], _ purpose: String = "") {
        self.service = service
        self.settings = settings
        self.purpose = purpose
    }

    /// The line to write, `web: {volumes: shared}`.
    package var line: String {
        "\(service): {\(settings.map(\.text).joined(separator: ", "))}"
    }

    /// As a part of a sentence.
    var text: String { purpose.isEmpty ? "`\(line)`" : "`\(line)` \(purpose)" }

    package func apply(to all: inout [String: ServiceSettings]) {
        var own = all[service] ?? ServiceSettings()
        for setting in settings {
            switch setting {
            case .role(let role):
                own.role = role
                if role != .exposed { own.port = nil }
            case .port(let port): own.port = port
            case .replicas(let count): own.replicas = count
            case .volumes(let use): own.volumes.formUnion(use)
            case .unpublished(let ports): own.unpublished = ports
            case .publishNothing: own.publish = .none
            }
        }
        all[service] = own
    }
}

extension Remedy.Setting {
    fileprivate var text: String {
        switch self {
        case .role(let role): "role: \(role.rawValue)"
        case .port(let port): "port: \(port)"
        case .replicas(let count): "replicas: \(count)"
        case .volumes(let use): "volumes: \(use.text)"
        case .unpublished(let ports): "unpublished: [\(PortList.text(ports))]"
        case .publishNothing: "publish: none"
        }
    }
}

/// Ports as `teal.yml` writes them.
package enum PortList {
    /// `443, 8000-8010`
    package static func text(_ ports: [ClosedRange<Int>]) -> String {
        ports.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ", ")
    }

    /// In order, neighbours as one range.
    package static func ranges(_ ports: some Sequence<Int>) -> [ClosedRange<Int>] {
        Set(ports).sorted().reduce(into: []) { ranges, port in
            if let last = ranges.last, last.upperBound + 1 == port {
                ranges[ranges.count - 1] = last.lowerBound...port
            } else {
                ranges.append(port...port)
            }
        }
    }
}
