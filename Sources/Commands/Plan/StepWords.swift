import BlueGreen
import Orchestration

/// Says what a step of a deploy does. Pure.
struct StepWords: Sendable {
    let app: String
    /// The path of nginx's link.
    let link: String
    let mode: SwitchMode
    let nginx: NginxWords
    let room: RoomReport
    let set: SetForecast
    let release: ReleaseID
    /// nil where they are not known before the first deploy.
    let files: [FileChange]?
    var bounds = BreachBounds()
    /// The address at which nginx shows the colour without the traffic.
    var preview: String?

    /// A shared service that runs, or has done its work.
    func isLeftAlone(_ container: PlannedReplica) -> Bool {
        container.service.role == .shared && set.shared[container.service.name] == nil
    }

    /// - Parameter live: who has traffic when the step begins.
    func entry(
        _ step: Step, phase: String, live: Colour?, at now: Timestamp
    ) -> PlannedSteps.Entry {
        PlannedSteps.Entry(
            phase: phase, text: text(step, live: live, at: now),
            // The release has its id when its deploy begins.
            commands: commands(step, live: live).filter { !$0.isEmpty }.map {
                $0.replacing(release.text, with: "RELEASE")
            })
    }

    func waiting(_ time: Duration, phase: String) -> PlannedSteps.Entry {
        PlannedSteps.Entry(
            phase: phase,
            text: "wait for `teal promote` or `teal abort`, at most \(time.text)"
                + (preview.map { "; look at it: \($0)" } ?? ""),
            commands: [])
    }

    private func text(_ step: Step, live: Colour?, at now: Timestamp) -> String {
        switch step {
        case .resolve: "read the compose file, and record the release"
        case .preflight:
            "look for things of others, and for what the site asks for"
        case .checkRoom: "compare memory: the set \(set.nodesRoom?.summary ?? room.summary)"
        case .prepare where bringsFiles:
            "nginx's new files, still without addresses, and a reload; images, networks, volumes; "
                + "create the containers without starting them"
        case .prepare: "images, networks, volumes; create the containers without starting them"
        case .start(let container, _) where isLeftAlone(container):
            "\(container.replica): \(container.service.isOneShot ? "has done its work" : "runs") "
                + "already, left alone"
        case .start(let container, let placement):
            container.service.role == .shared
                ? "start \(container.replica), shared"
                : "start \(container.replica) in \(placement.colour)"
        case .awaitUp(let container, _): "\(container.replica) must be \(health(container.service))"
        case .settle(_, let notBefore, let until): rest(notBefore - now, until - notBefore)
        case .verify: "look at the whole set once more"
        case .runHook(let hook, .beforeStart) where hook.place == .host:
            "run the \(HookPoint.beforeStart.rawValue) hook \(hook.text) on the host"
        case .runHook(let hook, let point): "run the \(point.rawValue) hook \(hook.text)"
        case .arm(let colour): "give nginx the addresses of \(colour): \(arming)"
        case .probeEdge(let colour):
            "ask each exposed service of \(colour) through the running nginx"
        case .route(.nobody): switching(nil, from: live)
        case .route(.all(let colour)): switching(colour, from: live)
        case .route(.share(let share, let colour)):
            "give \(share.preciseText) of the requests to \(colour)"
        case .confirm(.nobody): "ask the running nginx whether it routes to nobody"
        case .confirm(.all(let colour)):
            "ask the running nginx whether it routes to \(colour)"
        case .confirm(.share(let share, let colour)):
            "ask the running nginx whether \(colour) gets \(share.preciseText)"
        case .beginWatch(let until):
            "have nginx write down what it answers, at most \((until - now).text)"
        case .observe(.before, _): "read what nginx saw of the colour that has traffic"
        case .observe(.canary(let share), let until):
            "watch both colours for \((until - now).text) at \(share.preciseText); \(breach)"
        case .observe(.bake, let until): "watch it for \((until - now).text); \(breach)"
        case .endWatch: "have nginx write nothing down any more"
        case .drain(let colour, let until):
            "let requests in flight to \(colour) end, at most \((until - now).text)"
        case .stop(let colour): "stop the containers of \(colour)"
        case .stopSingletons(let colour): "stop what may run only once in \(colour)"
        case .prove(let until):
            "ask the running nginx and the containers for the last time"
                + (until > now ? ", for \((until - now).text)" : "")
        case .retire(let colour, let fate): "\(colour) is \(fate.words)"
        case .cleanUp(let colour): "remove the candidate from \(colour)"
        }
    }

    private func commands(_ step: Step, live: Colour?) -> [String] {
        switch step {
        case .prepare:
            (bringsFiles ? nginx.change : []) + set.images.compactMap(\.command) + [set.create]
        case .start(let container, _):
            container.service.role == .shared
                ? [set.shared[container.service.name]].compactMap(\.self) : []
        case .arm: reloads ? nginx.change : []
        case .route(.nobody): nginx.switching(to: nil, from: live, mode)
        case .route(.all(let colour)): nginx.switching(to: colour, from: live, mode)
        case .route(.share), .resolve, .preflight, .checkRoom, .awaitUp, .settle, .verify,
            .probeEdge,
            .confirm, .drain, .stop, .stopSingletons, .prove, .retire, .cleanUp, .runHook,
            .beginWatch,
            .observe, .endWatch:
            []
        }
    }

    private var breach: String {
        "back above \(bounds.errors.preciseText) of 5xx or "
            + "\(FactorGrammar.text(bounds.latency)) the other's p95"
    }

    private var reloads: Bool { files?.isEmpty != true }

    /// Files that a site includes have to be there before anything else of nginx is asked.
    private var bringsFiles: Bool {
        guard let files else { return true }
        return files.contains { change in
            change.before == nil && change.path.hasSuffix("/\(app)/\(change.name)")
        }
    }

    private var arming: String {
        guard let files else { return "its files get their first, and nginx is reloaded" }
        return files.isEmpty
            ? "no file changes, no reload"
            : "\(files.count == 1 ? "1 file changes" : "\(files.count) files change"), and nginx "
                + "is reloaded"
    }

    private func switching(_ colour: Colour?, from live: Colour?) -> String {
        let isReloaded = !nginx.switching(to: colour, from: live, mode).isEmpty
        let reload = isReloaded ? ", and nginx is reloaded" : ""
        guard let colour else {
            return "take traffic from both colours: nginx answers 503\(reload)"
        }
        return "point \(link) to \(colour)\(reload)"
    }

    private func rest(_ pause: Duration, _ atMost: Duration) -> String {
        let settling =
            atMost > .zero ? ", then until the host has settled, at most \(atMost.text)" : ""
        return "wait \(pause.text)\(settling)"
    }

    private func health(_ service: PlannedService) -> String {
        if service.isOneShot { return "done" }
        guard let check = service.healthCheck else { return "running" }
        return "healthy by \(check.text), at most \(check.deadline.text)"
    }
}

extension FileChange {
    fileprivate var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension PreviousColour {
    fileprivate var words: String {
        switch self {
        case .running: "kept running"
        case .stopped: "stopped"
        case .removed: "removed"
        }
    }
}

/// The calls of nginx that a plan shows, as a person would type them. Pure.
struct NginxWords: Hashable, Sendable {
    private let program: String
    private let config: String

    init(_ access: NginxAccess) {
        let binary = ShellWord.quoted(access.binary ?? "nginx")
        program = access.container.map { "docker exec \($0) \(binary)" } ?? binary
        config = access.config.map { " -c \(ShellWord.quoted($0))" } ?? ""
    }

    var reload: String { "\(program) -s reload\(config)" }

    /// Changed files are tested, then read.
    var change: [String] { ["\(program) -t", reload] }

    /// In `live` mode a link is enough where a colour has traffic before and after: the files name
    /// both. Without a colour on one side they do not.
    func switching(
        to colour: Colour?, from live: Colour?, _ mode: SwitchMode
    ) -> [String] {
        switch mode {
        case .live: colour == nil || live == nil ? change : []
        case .reload: [reload]
        }
    }
}
