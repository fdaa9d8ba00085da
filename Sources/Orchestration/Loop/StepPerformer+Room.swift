import BlueGreen

/// Whether the set fits, on this host or on the nodes of a cluster.
extension StepPerformer {
    func checkRoom(_ deployment: Deployment) async throws -> StepResult {
        guard ports.engine.runsOnThisHost else { return try await checkNodes(deployment) }
        if let previous = deployment.previous {
            try await MemoryRecord(ports).look(active: previous.release)
        }
        do {
            let report = try await RoomLook(ports).report(
                deployment.services, candidate: deployment.candidate,
                previous: deployment.previous,
                reserve: deployment.settings.settle.memoryFree)
            ports.reporter.report(.room(report))
            return report.fits ? .done : .noRoom(report)
        } catch let error where !(error is CancellationError) {
            // `room: warn` asks for a warning where memory is short, so it gets one here too.
            guard deployment.settings.room == .warn else { throw error }
            return .doneWithWarning("Whether the set fits is not known: \(error)")
        }
    }

    private func checkNodes(_ deployment: Deployment) async throws -> StepResult {
        do {
            let question = try await RoomQuestion(
                deployment.candidate, beside: deployment.previous, deployment.settings,
                ports.store)
            guard let room = try await ports.engine.nodesRoom(question) else { return .done }
            ports.reporter.report(.note("room: the set \(room.summary)"))
            return room.fits ? .done : .noRoomOnNodes(room)
        } catch let error where !(error is CancellationError) {
            guard deployment.settings.room == .warn else { throw error }
            return .doneWithWarning("Whether the set fits is not known: \(error)")
        }
    }
}
