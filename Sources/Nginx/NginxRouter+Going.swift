package import BlueGreen
import Orchestration

extension NginxRouter {
    package func divert(_ share: Share, to colour: Colour) async throws {
        let present = try folder.state()
        try folder.point(to: try divided(share, to: colour, from: present))
    }

    package func confirmDiversion(of share: Share, to colour: Colour) async throws {
        let wanted = try divided(share, to: colour, from: try folder.state())
        try await confirm(wanted, in: try folder.read())
    }

    /// The other colour gets the rest, whether or not it has any requests now.
    private func divided(
        _ share: Share, to colour: Colour, from present: LinkState
    ) throws -> LinkState {
        guard settings.mode == .live else { throw NginxError.notDivisible }
        guard let step = CanaryStep(share) else {
            throw NginxError.noState("canary-\(share.fraction * 100)", folder: folder.path)
        }
        guard present.colour == colour.other else { throw NginxError.nothingToDivide(colour) }
        return LinkState(colour.other, .canary(step), isInMaintenance: present.isInMaintenance)
    }
}
