import BlueGreen

extension AppDeployer {
    /// A deploy that cannot begin takes nothing from a release that waits for a person.
    func checkBeginning(_ wish: ReleaseWish) async throws {
        guard let waiting = try await ports.store.unfinished(), waiting.waitsUntil != nil else {
            return
        }
        // Opening hooks may write the files, and what they bring.
        guard wish.settings.hooks.opening.isEmpty else {
            if let draft = try? await ports.source.draft() { try draft.checkRoom() }
            return
        }
        let draft = try await ports.source.draft()
        try draft.checkRoom()
        var obstacles = try await draft.allObstacles(ports.router)
        let candidate = Placement(colour: waiting.candidate.colour, release: wish.id)
        if ports.engine.runsOnThisHost {
            // The set that waits makes room for the next one.
            let room = try await RoomLook(ports).report(
                draft.services, candidate: candidate, previous: waiting.previous,
                reserve: wish.settings.settle.memoryFree)
            let verdict = room.verdict(
                wish.settings.room, hasPrevious: waiting.previous != nil)
            if verdict == .refused {
                obstacles.append(
                    Obstacle(room.shortage))
            }
        }
        let set = try await draft.forecast(
            at: candidate, beside: waiting.previous, with: waiting.order.otherServices)
        obstacles += set.images.filter { $0.supply == .missing }.map {
            Obstacle(
                "The image \($0.image) of \($0.service) is not on this host, and pulling is switched "
                    + "off. Bring it here, or use `--pull missing`.")
        }
        guard obstacles.isEmpty else { throw OrchestrationError.obstacles(obstacles) }
    }
}
