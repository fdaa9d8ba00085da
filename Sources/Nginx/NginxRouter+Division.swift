package import BlueGreen
import Orchestration

extension NginxRouter {
    package func route(_ division: Division) async throws {
        let before = try folder.state()
        let after = try state(of: division, from: before)
        switch division {
        case .nobody:
            if folder.exists { try await follow(after, from: before) }
        case .all:
            try await follow(after, from: before)
        case .share:
            // The files hold every step of the canary already.
            try folder.point(to: after)
        }
    }

    /// In `live` mode each request looks at the link, so that one worker's answer is every
    /// worker's; in `reload` mode many fresh connections are asked.
    package func confirm(_ division: Division) async throws {
        let present = try folder.state()
        var wanted = try state(of: division, from: present)
        if division.isWhole, present.stage == .watched {
            wanted = LinkState(
                wanted.colour, .watched, isInMaintenance: present.isInMaintenance)
        }
        try await confirm(wanted, in: try folder.read())
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
    private func follow(_ after: LinkState, from before: LinkState) async throws {
        let blueprint = try await blueprint(for: after)
        let wanted = try blueprint.files
        switch blueprint.mode {
        case .live where after.colour == nil:
            // The files say "nobody" before the link does: a link that names a colour is healed
            // by the next run, a colour without a link would have traffic that nobody knows of.
            try await follow(wanted)
            try folder.point(to: after)
        case .live, .reload:
            try folder.point(to: after)
            do {
                try await follow(wanted)
            } catch let error where before.colour != after.colour {
                try await goBack(to: before, after: error)
                throw error
            }
        }
    }

    private func blueprint(for live: LinkState) async throws -> Blueprint {
        if let recorded = try recorded(try folder.read(), live) { return recorded.with(live) }
        return Blueprint(
            settings: settings, table: .empty, live: live,
            environment: try await survey.facts().environment(settings))
    }

    func follow(_ wanted: GeneratedFiles) async throws {
        let facts = try await survey.facts()
        try await ConfigurationChange(nginx: nginx, folder: folder, facts: facts).apply(wanted)
    }

    func goBack(to before: LinkState, after cause: any Error) async throws {
        try folder.point(to: before)
        // In live mode the failed change has already put back what the workers run.
        guard settings.mode == .reload else { return }
        do {
            try await follow(try folder.read())
        } catch {
            throw NginxError.notPutBack(cause: "\(cause)", reason: "\(error)")
        }
    }

    func confirm(_ state: LinkState, in files: GeneratedFiles) async throws {
        guard let manifest = files.manifest else {
            throw NginxError.notConfirmed(
                expected: "for \(settings.app)", answered: "there is no file that Teal wrote for it")
        }
        let inquiry = RunningNginx.Inquiry(
            expected: manifest.answer(routingTo: state), address: try await survey.address(),
            answers: manifest.blueprint.mode == .live ? 1 : 20, patience: .seconds(3))
        try await nginx.awaitWorkers(inquiry)
    }
}

extension Division {
    /// Whether the canary is no part of it.
    fileprivate var isWhole: Bool {
        switch self {
        case .nobody, .all: true
        case .share: false
        }
    }
}
