package import BlueGreen
import Orchestration

/// Reads from nginx's own log what a colour answers.
package struct NginxObserver: Sendable {
    package init() {}

    package func begin(until: Timestamp) async throws { throw NginxError.notYet }
    package func look() async throws -> [Colour: RequestFigures] { throw NginxError.notYet }
    package func end() async throws {}
}

extension NginxObserver: TrafficObserver {}
