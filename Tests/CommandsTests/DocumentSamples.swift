import BlueGreen
import HostSystem
import Orchestration
import TestSupport

@testable import Commands

/// Each document that `--json` prints, from fixed values, in the order in which JSON.md quotes them.
enum DocumentSamples {
    static let all = [
        DocumentSample(
            "deploy", ResultDocument(app: "shop", .done, traffic: .green, deployment: promoted)),
        DocumentSample(
            "deploy-aborted",
            ResultDocument(app: "shop", .aborted, traffic: .blue, deployment: aborted)),
        DocumentSample(
            "deploy-rolled-back",
            ResultDocument(app: "shop", .rolledBack, traffic: .blue, deployment: breached)),
        DocumentSample(
            "deploy-waiting",
            ResultDocument(app: "shop", .done, traffic: .blue, deployment: waiting)),
        DocumentSample("resume", ResultDocument(app: "shop", .done, traffic: .green)),
        DocumentSample("failure", failure(HostError.locked(by: holder), app: "shop")),
        DocumentSample(
            "failure-configuration",
            failure(CommandsError.configurationNotFound(path: "/srv/shop/teal.yml"))),
        DocumentSample(
            "history", HistoryDocument(app: "shop", [rollback, handedOver], ProbeSample.events)),
        DocumentSample("status", StatusDocument(app: "shop", atRest)),
        DocumentSample("status-canary", StatusDocument(app: "shop", inCanary)),
        DocumentSample(
            "status-waiting",
            StatusDocument(app: "shop", held, preview: "http://127.0.0.1:8089")),
        DocumentSample("status-unhealthy", StatusDocument(app: "shop", unhealthy)),
        DocumentSample("probe", ProbeDocument([ProbeSample.unhealthy], status: .unhealthy)),
        DocumentSample("check", CheckDocument(app: "shop", .unexpectedError, VerbSamples.checks)),
        DocumentSample("plan", PlanDocument(try VerbSamples.plan())),
        DocumentSample(
            "plan-refused",
            PlanDocument(
                app: "shop", .unexpectedError,
                problems: [
                    "\(CommandsError.noComposeFile(directory: "/srv/shop"))"
                ])),
        DocumentSample(
            "clean",
            CleanDocument(
                app: "shop", items: VerbSamples.clutter, removed: VerbSamples.clutter,
                freed: .mebibytes(182))),
        DocumentSample(
            "restart",
            RestartDocument(
                "shop", .unhealthy,
                RestartSummaryTests.outcome(
                    restarted: [Replica(service: "web", index: 2)],
                    failed: Replica(service: "web", index: 1)))),
        DocumentSample("maintenance", try VerbSamples.maintenance()),
        DocumentSample("nodes", VerbSamples.nodes),
        DocumentSample(
            "edge-forget", EdgeForgetDocument(app: "shop", node: "node2", colours: ["blue"])),
        DocumentSample("init", try VerbSamples.proposal()),
        DocumentSample(
            "init-ci",
            CallerDocument(
                .git, CalledApp(name: "shop", folder: "/srv/shop"),
                files: [CallerDocument.File(path: "deploy/post-receive", state: "written")])),
        DocumentSample(
            "watch-token-create",
            WatchToken.CreatedDocument(
                secret: "teal_" + String(repeating: "0123456789abcdef", count: 4), token: token)),
        DocumentSample("watch-token-list", WatchToken.ListDocument(tokens: [token, endless])),
        DocumentSample("watch-token-revoke", WatchToken.ListDocument(tokens: [revoked])),
    ]

    private static let token = TokenDocument(
        id: "3f9c77aa", name: "grafana", rights: "read", createdAt: Sample.moment.rfc3339,
        expiresAt: (Sample.moment + .seconds(30 * 86_400)).rfc3339, isValid: true)
    private static let endless = endless(isValid: true)
    private static let revoked = endless(isValid: false)

    private static func endless(isValid: Bool) -> TokenDocument {
        TokenDocument(
            id: "77aa3f9c", name: "ops", rights: "act", createdAt: Sample.moment.rfc3339,
            expiresAt: nil, isValid: isValid)
    }

    // MARK: Releases and deployments

    static let blue = Placement(
        colour: .blue,
        release: ReleaseID(
            at: Timestamp(milliseconds: Sample.moment.milliseconds - 134_525_000), entropy: 0x77aa))
    static let green = Placement(
        colour: .green, release: ReleaseID(at: Sample.moment, entropy: 0x3f9c))
    static let database = PlannedService(name: "db", role: .shared)
    private static let releases = [
        Release(
            id: green.release, label: "1.4.0", createdAt: Sample.moment,
            services: [database, Sample.web, Sample.worker]),
        Release(
            id: blue.release, label: "1.3.9", createdAt: Sample.moment,
            services: [database, Sample.web]),
    ]
    private static let web = Replica(service: "web", index: 1)
    private static let holder = LockHolder(
        pid: 4711, since: Sample.moment, verb: "deploy", release: nil)

    private static var promoted: Deployment {
        deployment(canary: [10], bake: Bake())
    }

    private static var aborted: Deployment {
        let failure = Failure(
            .unhealthy(web),
            "green web-1 did not become healthy in 120 s: "
                + "GET http://10.213.6.10:8080/healthz answered 503.",
            logLines: ["listening on 8080", "no connection to db:5432"])
        return deployment(answering: { step in
            if case .awaitUp = step { .failed(failure) } else { nil }
        })
    }

    private static var breached: Deployment {
        let look = Observation(
            candidate: figures(240, errors: 24, p95: 40), logLines: ["db: too many clients"])
        return deployment(
            bake: Bake(),
            answering: { step in
                if case .observe(.bake, _) = step { .observed(look) } else { nil }
            })
    }

    private static var waiting: Deployment {
        deployment(promotion: .manual(within: .seconds(3600)))
    }

    /// The first step of its canary was observed.
    private static var diverted: Deployment {
        deployment(canary: [10, 50], until: { !$0.facts.observed.isEmpty })
    }

    private static var handedOver: Deployment {
        deployment(services: [database, Sample.web, Sample.worker])
    }

    private static var rollback: Deployment {
        deployment(
            number: 8, kind: .warmRollback, candidate: blue, label: "1.3.9", previous: green,
            at: Sample.moment + .seconds(600))
    }

    /// Each step takes 250 ms, and an observation the time that it is given.
    private static func deployment(
        number: Int = 7, kind: DeploymentKind = .deploy, candidate: Placement = green,
        label: String? = "1.4.0", previous: Placement = blue,
        services: [PlannedService] = [database, Sample.web], canary: [Double] = [],
        bake: Bake = .none, promotion: Promotion = .auto, at start: Timestamp = Sample.moment,
        until isThere: (Deployment) -> Bool = { _ in false },
        answering result: (Step) -> StepResult? = { _ in nil }
    ) -> Deployment {
        let settings = DeploymentSettings(
            bake: bake, canary: Canary(steps: canary.map { Share(percent: $0) }),
            promotion: promotion)
        var deployment = Deployment(
            Order(
                number: number, kind: kind, candidate: candidate, label: label,
                previous: previous, services: services, settings: settings), at: start)
        var now = start
        while !isThere(deployment), deployment.waitsUntil == nil,
            let step = deployment.next(at: now).step
        {
            now = now + .milliseconds(250)
            var usual = StepResult.done
            if case .observe(let stage, let until) = step {
                usual = .observed(observation(of: stage))
                if stage != .before { now = max(now, until) }
            }
            deployment.record(result(step) ?? usual, at: now)
        }
        return deployment
    }

    private static func observation(of stage: ObservationStage) -> Observation {
        switch stage {
        case .before: Observation(previous: figures(1240, p95: 11))
        case .canary: Observation(candidate: figures(240), previous: figures(2160, errors: 1))
        case .bake: Observation(candidate: figures(2400, errors: 2))
        }
    }

    private static func figures(_ requests: Int, errors: Int = 0, p95: Int = 12) -> RequestFigures {
        RequestFigures(
            requests: requests, errors: errors, p50: .milliseconds(3), p95: .milliseconds(p95),
            p99: .milliseconds(48))
    }

    private static func failure(_ error: any Error, app: String? = nil) -> ResultDocument {
        ResultDocument(app: app, ExitStatus(error), error: "\(error)")
    }

    // MARK: Status

    private static var atRest: Condition {
        let previous = [container(Sample.web, blue)]
        let room = RoomReport(
            needs: [RoomNeed(service: "web", replicas: 1, each: .mebibytes(64), source: .seen)],
            memoryAvailable: .mebibytes(412), swapFree: .mebibytes(512), freed: .mebibytes(58),
            heldByPrevious: .mebibytes(61), reserve: .mebibytes(64))
        var findings = Condition.Findings()
        findings.room = .seen(host, room)
        return status(
            Traffic(.green), containers(green) + [container(Sample.worker, green)] + previous,
            [handedOver], findings)
    }

    private static var inCanary: Condition {
        var findings = Condition.Findings()
        findings.holder = holder
        findings.room = .seen(host, nil)
        return status(
            Traffic(.blue, canary: Share(percent: 10), isWatched: true),
            containers(blue) + [container(Sample.web, green)], [diverted], findings)
    }

    private static var held: Condition {
        status(
            Traffic(.blue, isInMaintenance: true),
            containers(blue) + [container(Sample.web, green)], [waiting])
    }

    private static var unhealthy: Condition {
        var findings = Condition.Findings()
        findings.health[container(Sample.web, green).id] = .unhealthy(.probe(.status(503)))
        findings.disturbances = [
            .stranger(
                Obstacle(
                    "shop_data is mounted writable by backup, which Teal did not make, and db "
                        + "would write to it too. Stop it first: `docker stop backup`."))
        ]
        return status(
            Traffic(.green), containers(green, restarts: 3), [handedOver], findings)
    }

    private static let host = HostSample(
        at: Sample.moment, memoryAvailable: .mebibytes(412), memoryTotal: .mebibytes(983),
        swapFree: .mebibytes(512))

    private static func status(
        _ traffic: Traffic, _ containers: [Container], _ deployments: [Deployment],
        _ findings: Condition.Findings = Condition.Findings()
    ) -> Condition {
        var findings = findings
        findings.traffic = traffic
        findings.now = Sample.moment
        for container in containers where findings.health[container.id] == nil {
            findings.health[container.id] = container.role == .exposed ? .healthy : .unchecked
        }
        return Condition(
            Situation(
                live: traffic.colour, containers: containers, deployments: deployments,
                releases: releases), findings)
    }

    private static func containers(_ placement: Placement, restarts: Int = 0) -> [Container] {
        [container(database, nil), container(Sample.web, placement, restarts: restarts)]
    }

    private static func container(
        _ service: PlannedService, _ placement: Placement?, restarts: Int = 0
    ) -> Container {
        let colour = placement.map { "\($0.colour)-" } ?? ""
        let name = "shop-\(colour)\(service.name)-1"
        return Container(
            id: name, name: name, replica: Replica(service: service.name, index: 1),
            role: service.role, placement: placement, state: .running, restarts: restarts)
    }
}
