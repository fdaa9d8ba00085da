package import BlueGreen
package import Orchestration

extension NginxRouter {
    package func divert(_ share: Share, to colour: Colour) async throws {
        throw NginxError.notYet
    }

    package func confirmDiversion(of share: Share, to colour: Colour) async throws {
        throw NginxError.notYet
    }

    package func setMaintenance(_ maintenance: Maintenance) async throws {
        throw NginxError.notYet
    }
}
