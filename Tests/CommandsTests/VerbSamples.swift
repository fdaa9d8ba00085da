import BlueGreen
import HostSystem
import Orchestration
import TestSupport

@testable import Commands

/// What the verbs found that neither deploy nor look at a deployment.
enum VerbSamples {
    static let checks = [
        CheckItem(
            name: "docker", level: .ok, text: "unix:///var/run/docker.sock answers, API 1.41"),
        CheckItem(
            name: "notify", level: .warn,
            text: "notify[0].webhook is left out: its variable is empty. Set it where Teal is run."
        ),
        RoomCheck(
            report: RoomReport(
                needs: [RoomNeed(Sample.web, seen: MemoryUse(held: .mebibytes(256)))],
                memoryAvailable: .mebibytes(128), heldByPrevious: .mebibytes(256),
                reserve: .mebibytes(64)),
            policy: .refuse, hasPrevious: true
        ).item,
    ]

    static let clutter = [
        Clutter(
            kind: .releaseFolder, name: "/var/lib/teal/shop/releases/20261118-101500-04be",
            size: .kibibytes(12), release: ReleaseID("20261118-101500-04be")),
        Clutter(
            kind: .imageTag, name: "teal/shop/web:20261118-101500-04be", size: .mebibytes(182),
            release: ReleaseID("20261118-101500-04be")),
        Clutter(kind: .danglingImage, name: "sha256:0123456789abcdef", size: nil, release: nil),
    ]

    /// Of a host where only an image and an address of nginx's are new.
    static func plan() throws -> PlanReport {
        let request = Order(
            number: 8, kind: .deploy, candidate: DocumentSamples.green, label: "1.4.0",
            previous: DocumentSamples.blue, services: [DocumentSamples.database, Sample.web],
            previousServices: [DocumentSamples.database, Sample.web],
            settings: DeploymentSettings())
        let room = RoomReport(
            needs: [RoomNeed(Sample.web, seen: MemoryUse(held: .mebibytes(64)))],
            memoryAvailable: .mebibytes(412),
            reserve: .mebibytes(64))
        let pull = "docker compose --project-name shop-green pull web"
        let set = SetForecast(
            images: [
                ImageForecast(
                    service: "db", image: "postgres:17", supply: .ofContainer, command: nil),
                ImageForecast(
                    service: "web", image: "registry.example/shop:1.4.0", supply: .pull,
                    command: pull),
            ],
            changes: [
                ServiceChange(
                    "web", .changed, keys: ["environment", "image"], variables: ["TOKEN"])
            ], notices: [], create: "docker compose --project-name shop-green create", shared: [:])
        let files = [
            FileChange(
                path: "/etc/nginx/teal/shop/http.conf",
                before: "upstream shop_web_green {\n    server 10.213.6.10:8080;\n}\n",
                after: "upstream shop_web_green {\n    server 10.213.6.11:8080;\n}\n")
        ]
        let words = StepWords(
            app: "shop", link: "/etc/nginx/teal/shop/live", mode: .live,
            nginx: NginxWords(NginxAccess()), room: room, set: set,
            release: request.candidate.release, files: files)
        return PlanReport(
            app: try CleanTests.app(), request: request, activeLabel: "1.3.9", set: set,
            room: room, removed: ["shop-green-web-1"], files: files,
            notices: ["Compose warns: The \"TAG\" variable is not set."],
            steps: PlannedSteps(request, at: Sample.moment, room: room, words))
    }

    static func maintenance() throws -> MaintenanceDocument {
        let app = try CleanTests.app(
            "maintenance: {page: /srv/shop/closed.html}\n",
            web: "{port: 8080, health: {http: /healthz}}")
        return MaintenanceDocument(
            app: app, .on, traffic: Traffic(.blue, isInMaintenance: true))
    }

    static var nodes: NodesDocument {
        let overview = EdgeOverview(
            epoch: 7, division: .share(Share(percent: 10), to: .blue),
            edges: [
                EdgeOverview.Edge(
                    node: "node1", address: "10.99.0.1", absence: nil, isConfirmed: true, epoch: 7,
                    division: .share(Share(percent: 10), to: .blue),
                    confirmedAt: Sample.moment, failure: nil,
                    memory: NodeMemory(
                        total: .mebibytes(3900), available: .mebibytes(1024),
                        stalledPercent: 0)),
                EdgeOverview.Edge(
                    node: "node2", address: "10.99.0.2", absence: "node2 is down",
                    isConfirmed: false, epoch: nil, division: nil, confirmedAt: nil,
                    failure: nil),
            ])
        return NodesDocument(app: "shop", .unknown, overview)
    }

    static func proposal() throws -> InitDocument {
        let project = ProposalSample.wordPress
        let proposal = try ProposalSample.proposal(project)
        return InitDocument(
            proposal, path: "/srv/shop/teal.yml",
            problems: try ProposalReview(of: proposal, project).remarks,
            notes: ["Compose warns: The \"TAG\" variable is not set."])
    }
}
