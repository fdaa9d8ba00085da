package import BlueGreen
import Orchestration

extension NginxRouter {
    package func route(_ division: Division) async throws {
        guard division != .nobody || folder.exists else { return }
        let before = try folder.contents()
        var after = before
        after.live = try state(of: division, from: before.live)
        switch division {
        case .nobody, .all: try await move(from: before, to: after)
        // The files hold every step of the canary already.
        case .share: try folder.point(to: after.live)
        }
    }

    /// In `live` mode each request looks at the link, so that one worker's answer is every
    /// worker's; in `reload` mode many fresh connections are asked.
    package func confirm(_ division: Division) async throws {
        var present = try folder.contents()
        let isWatched = present.live.stage == .watched
        present.live = try state(of: division, from: present.live)
        if isWatched, present.live.stage == .plain { present.live = present.live.with(.watched) }
        try await confirm(present)
    }

    /// Without a watch, but for a canary's own.
    private func state(of division: Division, from present: LinkState) throws -> LinkState {
        let isInMaintenance = present.isInMaintenance
        switch division {
        case .nobody: return LinkState(nil, isInMaintenance: isInMaintenance)
        case .all(let colour): return LinkState(colour, isInMaintenance: isInMaintenance)
        case .share(let share, let colour):
            guard settings.mode == .live else { throw NginxError.notDivisible }
            guard let step = CanaryStep(share) else {
                throw NginxError.noState("canary-\(share.fraction * 100)", folder: folder.path)
            }
            guard present.colour == colour.other else { throw NginxError.nothingToDivide(colour) }
            return LinkState(colour.other, .canary(step), isInMaintenance: isInMaintenance)
        }
    }

    /// Moves the link, and makes the files say whether it has a say. A colour that nginx does not
    /// follow loses the link again.
    private func move(from before: AppFolder.Contents, to after: AppFolder.Contents) async throws {
        // A damaged file must not keep traffic where it is: in live mode nginx follows the link.
        let isMereRename = before.live.colour != nil && after.live.colour != nil
        if settings.mode == .live, before.files.manifest == nil, isMereRename {
            return try folder.point(to: after.live)
        }
        let blueprint = try await blueprint(for: after)
        let wanted = try blueprint.files
        switch blueprint.mode {
        case .live where after.live.colour == nil:
            // The files say "nobody" before the link does: a link that names a colour is healed
            // by the next run, a colour without a link would have traffic that nobody knows of.
            try await change(from: before).apply(wanted)
            try folder.point(to: after.live)
        case .live, .reload:
            try folder.point(to: after.live)
            do {
                try await change(from: after).apply(wanted)
            } catch let error where before.live.colour != after.live.colour {
                try await goBack(to: before.live, after: error)
                throw error
            }
        }
    }

    private func blueprint(for present: AppFolder.Contents) async throws -> Blueprint {
        if let recorded = try recorded(present) { return recorded.with(present.live) }
        return Blueprint(
            settings: settings, table: .empty, live: present.live,
            environment: try await known.facts().environment(settings))
    }

    func change(from present: AppFolder.Contents) async throws -> ConfigurationChange {
        ConfigurationChange(
            nginx: nginx, folder: folder, facts: try await known.facts(), present: present)
    }

    func goBack(to before: LinkState, after cause: any Error) async throws {
        try folder.point(to: before)
        // In live mode the failed change has already put back what the workers run.
        guard settings.mode == .reload else { return }
        do {
            let present = try folder.contents()
            try await change(from: present).apply(present.files)
        } catch {
            throw NginxError.notPutBack(cause: "\(cause)", reason: "\(error)")
        }
    }

    /// - Parameter wanted: the files on disk, and where the workers should see the link lead.
    func confirm(_ wanted: AppFolder.Contents) async throws {
        guard let manifest = wanted.files.manifest else {
            throw NginxError.notConfirmed(
                expected: "for \(settings.app)",
                answered: "there is no file that Teal wrote for it")
        }
        let check = RunningNginx.WorkerCheck(
            expected: manifest.answer(routingTo: wanted.live), address: try await known.address(),
            answers: manifest.blueprint.mode == .live ? 1 : 20, patience: .seconds(3))
        do {
            try await nginx.awaitWorkers(check)
        } catch let refusal where !(refusal is CancellationError) {
            // Where nobody runs nobody answers, and that is the thing to tell.
            throw await nginx.outage() ?? refusal
        }
    }
}
