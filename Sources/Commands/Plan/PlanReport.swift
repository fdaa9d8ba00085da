import BlueGreen
import Orchestration

/// The plan of a deploy, with the facts behind it. Pure.
struct PlanReport: Sendable {
    let app: AppContext
    let request: Order
    /// The label of the release that has traffic.
    let activeLabel: String?
    let set: SetForecast
    let room: RoomReport
    /// Containers of older releases that make place for the candidate's.
    let removed: [String]
    /// nil where the addresses are not known before the first deploy.
    let files: [FileChange]?
    /// Sentences that do not keep a user from deploying.
    let notices: [String]
    let steps: PlannedSteps

    /// Why a deploy would end before it starts anything.
    var refusals: [String] {
        let missing = set.images.filter { $0.supply == .missing }.map {
            "The image \($0.image) of \($0.service) is not on this host, and pulling is switched "
                + "off."
        }
        return missing + [steps.refusal].compactMap(\.self)
    }

    var status: ExitStatus { refusals.isEmpty ? .done : .unexpectedError }

    func image(of service: PlannedService) -> ImageForecast? {
        set.images.first { $0.service == service.name }
    }

    func diff(_ change: FileChange) -> String {
        UnifiedDiff(path: change.path, before: change.before, after: change.after).text
    }
}

/// Finds out what a plan is made from. Nothing of it is written down.
struct PlanLook {
    let app: AppContext
    let wiring: Wiring
    let ports: Ports
    /// The user's name for the release.
    let label: String?

    func report(warnings: [String]) async throws -> PlanReport {
        let draft = try await wiring.source.draft()
        let situation = try await Situation.observe(ports)
        let settings = app.configuration.deployment
        let now = ports.clock.now
        let release = Release(
            id: situation.nextPlacement(at: now).release, label: label, createdAt: now,
            services: draft.services)
        let request = situation.deploy(
            release.id, label: release.label, services: release.services, settings: settings)
        let room =
            ports.engine.runsOnThisHost
            ? try await RoomLook(ports).report(
                release.services, candidate: request.candidate, previous: request.previous,
                reserve: settings.settle.memoryFree)
            : RoomReport(needs: [], memoryAvailable: .zero)
        var set = try await draft.forecast(
            at: request.candidate, beside: request.previous,
            with: request.otherServices)
        set.nodesRoom = try await draft.nodesRoom(
            try await RoomQuestion(
                request.candidate, beside: request.previous, settings, ports.store))
        var files: [FileChange]?
        if let table = set.routes {
            files = try await wiring.nginx.changes(
                for: table, switchingTo: request.candidate.colour)
        }
        let words = StepWords(
            app: app.name, link: wiring.nginx.link,
            mode: app.configuration.trafficSwitch,
            nginx: NginxWords(app.configuration.nginx), room: room, set: set, release: release.id,
            files: files, bounds: settings.bake.bounds,
            preview: app.configuration.preview?.url)
        return PlanReport(
            app: app, request: request,
            activeLabel: situation.releases.first { $0.id == request.previous?.release }?.label,
            set: set, room: room, removed: removed(situation, request.candidate), files: files,
            notices: warnings + lostHistory(situation) + set.notices + opening
                + unfinished(situation),
            steps: PlannedSteps(request, at: now, room: room, words))
    }

    private func removed(_ situation: Situation, _ candidate: Placement) -> [String] {
        situation.containers.filter { container in
            container.placement?.colour == candidate.colour && container.placement != candidate
        }.map(\.name).sorted()
    }

    private func lostHistory(_ situation: Situation) -> [String] {
        situation.hasLostHistory ? ["\(Disagreement.noHistory)"] : []
    }

    private var opening: [String] {
        guard !app.configuration.deployment.hooks.opening.isEmpty else { return [] }
        return [
            "The before_start hooks on the host run before the compose file is read. What they "
                + "change is not in this plan."
        ]
    }

    private func unfinished(_ situation: Situation) -> [String] {
        guard let first = situation.deployments.first, first.outcome == nil else { return [] }
        if first.waitsUntil != nil {
            return ["Deployment \(first.number) waits for promotion: a deploy first aborts it."]
        }
        return [
            "Deployment \(first.number) is not finished: a deploy first finishes or undoes it, and "
                + "what it then does may differ from this plan."
        ]
    }
}
