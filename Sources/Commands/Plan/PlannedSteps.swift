import BlueGreen
import Orchestration

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

    /// - Parameter order: with the services that today's files say.
    init(_ order: Order, at now: Timestamp, room: RoomReport, _ words: StepWords) {
        // The opening hooks may write the files, which are read after them.
        let isReadLater = !order.settings.hooks.opening.isEmpty
        var deployment = Deployment(isReadLater ? order.unread : order, at: now)
        var live = deployment.previous?.colour
        var entries: [Entry] = []
        planning: while entries.count < Self.limit, deployment.failure == nil {
            switch deployment.next(at: now) {
            case .ended: break planning
            case .waitForPerson(let until):
                entries.append(words.waiting(until - now, phase: deployment.phaseName))
                deployment.answer(.promote, at: now)
            case .perform(let step):
                entries.append(
                    words.entry(step, phase: deployment.phaseName, live: live, at: now))
                if case .route(let division) = step { live = division.colour }
                deployment.record(
                    Self.result(of: step, order, room, words), at: Self.end(of: step) ?? now)
            }
        }
        self.entries = entries
        refusal = deployment.failure?.message
    }

    /// Each watch lasts as long as it may.
    private static func end(of step: Step) -> Timestamp? {
        switch step {
        case .observe(.canary, let until), .observe(.bake, let until): until
        case .resolve, .preflight, .checkRoom, .prepare, .start, .awaitUp, .settle, .verify,
            .runHook, .arm, .probeEdge, .route, .confirm, .beginWatch, .observe(.before, _),
            .endWatch, .drain,
            .stop, .stopSingletons, .prove, .retire, .cleanUp:
            nil
        }
    }

    private static func result(
        of step: Step, _ order: Order, _ room: RoomReport, _ words: StepWords
    ) -> StepResult {
        switch step {
        case .resolve: .resolved(order.services)
        case .checkRoom:
            if let nodes = words.set.nodesRoom {
                nodes.fits ? .done : .noRoomOnNodes(nodes)
            } else {
                room.fits ? .done : .noRoom(room)
            }
        case .start(let container, _) where words.isLeftAlone(container): .unneeded
        case .preflight, .prepare, .start, .awaitUp, .settle, .verify, .arm, .probeEdge,
            .route, .confirm, .drain, .stop, .stopSingletons, .prove, .retire, .cleanUp, .runHook,
            .beginWatch,
            .endWatch:
            .done
        case .observe: .observed(Observation())
        }
    }
}
