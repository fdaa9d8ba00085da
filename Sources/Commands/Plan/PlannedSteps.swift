import BlueGreen
import DockerCompose

/// The steps of a deployment that succeeds, in order, by the decisions that a deploy carries out.
/// Pure.
struct PlannedSteps {
    struct Entry: Hashable, Sendable, Encodable {
        let phase: String
        let text: String
        /// Outside programs that the step runs, in order.
        let commands: [String]
    }

    let entries: [Entry]
    /// Why the deploy would end before anything starts.
    let refusal: String?

    /// A deployment of hundreds of containers has fewer.
    private static let limit = 10_000

    init(_ deployment: Deployment, room: RoomReport, _ words: StepWords) {
        var deployment = deployment
        let now = deployment.startedAt
        var live = deployment.previous?.colour
        var entries = deployment.settings.hooks.opening.map(words.opening)
        while entries.count < Self.limit, let step = deployment.nextStep(at: now) {
            entries.append(
                words.entry(step, phase: deployment.phase.name, live: live, at: now))
            if case .switchTraffic(let colour) = step { live = colour }
            Self.carry(step, to: &deployment, Self.result(of: step, room, words), at: now)
            if deployment.failure != nil { break }
        }
        self.entries = entries
        refusal = deployment.failure?.message
    }

    /// Each watch lasts as long as it may.
    private static func carry(
        _ step: Step, to deployment: inout Deployment, _ result: StepResult, at now: Timestamp
    ) {
        switch step {
        case .awaitPromotion: deployment.answer(.promote, at: now)
        case .observe(.canary, let until), .observe(.bake, let until):
            deployment.record(result, of: step, at: until)
        case .checkRoom, .prepare, .start, .awaitUp, .settle, .verify, .runHook, .arm,
            .switchTraffic, .confirm, .beginWatch, .observe(.before, _), .endWatch, .divert,
            .confirmDiversion, .drain,
            .stop, .stopSingletons, .retire, .cleanUp:
            deployment.record(result, of: step, at: now)
        }
    }

    private static func result(
        of step: Step, _ room: RoomReport, _ words: StepWords
    ) -> StepResult {
        switch step {
        case .checkRoom: room.fits ? .done : .noRoom(room)
        case .start(let container, _) where words.isLeftAlone(container): .unneeded
        case .prepare, .start, .awaitUp, .settle, .verify, .arm, .switchTraffic, .confirm, .drain,
            .stop, .stopSingletons, .retire, .cleanUp, .runHook, .beginWatch, .endWatch, .divert,
            .confirmDiversion, .awaitPromotion:
            .done
        case .observe: .observed(Observation())
        }
    }
}
