import BlueGreen
import DockerEngine
import Foundation
import HostSystem
import Orchestration
import TestSupport

@testable import DockerSwarm

/// Values as Docker 20.10 answers them, with what the tests are about.
enum SwarmSample {
    static let release = Sample.release(1)
    static let ports = SwarmChoices(ports: ["web": ColourPorts(blue: 18_081, green: 18_082)])
    static let site = EdgeState.Site(
        app: "shop", services: ["web"], mode: .live, directory: "/etc/nginx/teal", binary: nil,
        config: nil, status: nil, trustedProxies: [])

    static func plan(
        _ services: [String: JSONValue], _ settings: [String: ServiceSettings],
        _ choices: SwarmChoices = ports, top: [String: JSONValue] = [:]
    ) -> SwarmPlan {
        var model: JSONValue = ["name": "shop", "services": .object(services)]
        for (key, value) in top { model[key] = value }
        return SwarmPlan(
            project: ComposeProject(app: "shop", model: model), settings: settings,
            choices: choices, release: release)
    }

    static let web: [String: ServiceSettings] = ["web": ServiceSettings(port: 8080)]

    static func json(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    static func node(
        _ number: Int, state: String = "ready", availability: String = "active",
        address: String? = nil
    ) -> String {
        """
        {"ID": "n\(number)", "Spec": {"Role": "manager", "Availability": "\(availability)"},
         "Description": {"Hostname": "node\(number)"},
         "Status": {"State": "\(state)", "Addr": "\(address ?? "10.99.0.\(number)")"},
         "ManagerStatus": {"Reachability": "reachable", "Addr": "10.99.0.\(number):2377"}}
        """
    }

    static func task(
        _ id: String, service: String = "s1", slot: Int? = nil, node: Int = 1,
        desired: String = "running", state: String = "running", error: String? = nil,
        code: Int = 0, created: Int = 1, environment: [String] = []
    ) throws -> String {
        let values = JSONValue.array(environment.map(JSONValue.string))
        return """
            {"ID": "\(id)", "CreatedAt": "2026-11-27T17:42:0\(created).192666331Z",
             "Spec": {"ContainerSpec": {"Image": "shop/web:1", "Env": \(try values.serialized())}},
             "ServiceID": "\(service)", \(slot.map { "\"Slot\": \($0)," } ?? "")
             "NodeID": "n\(node)", "DesiredState": "\(desired)",
             "Status": {"Timestamp": "2026-11-27T17:42:0\(created).298720914Z",
                        "State": "\(state)", \(error.map { "\"Err\": \"\($0)\"," } ?? "")
                        "ContainerStatus": {"ContainerID": "c", "ExitCode": \(code)}}}
            """
    }

    /// With the specification of before beside it, as the engine answers.
    static func service(_ spec: JSONValue, version: Int = 7) throws -> String {
        """
        {"ID": "s1", "Version": {"Index": \(version)}, "Spec": \(try spec.serialized()),
         "PreviousSpec": {"Name": "of-before", "Labels": {"teal.app": "other"}}}
        """
    }

    static func edgeService(_ state: EdgeState) throws -> String {
        try service(try EdgeService(state, settings, EdgeClaim()).spec)
    }

    static let settings = SwarmEdges.Settings(
        site: site, image: "teal-edge:1", patience: .seconds(3))

    static func state(
        epoch: Int = 4, _ division: Division = .all(.blue)
    ) -> EdgeState {
        EdgeState(epoch: epoch, site: site, table: .empty, division: division)
    }

    static func variable(_ state: EdgeState) throws -> String {
        "\(EdgeState.variable)=\(try state.text)"
    }
}
