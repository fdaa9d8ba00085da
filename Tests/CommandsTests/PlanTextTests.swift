import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing
import TestSupport
import Testing

@testable import Commands

@Suite("A plan for people")
struct PlanTextTests {
    private static let now = Timestamp(milliseconds: 0)
    private static let candidate = Placement(colour: .green, release: Sample.release(2))
    private static let previous = Placement(colour: .blue, release: Sample.release(1))
    private static let services = [
        PlannedService(name: "db", role: .shared),
        PlannedService(name: "web", role: .exposed, replicas: 2, port: 80),
    ]
    private static let images = [
        ImageForecast(service: "db", image: "postgres:17", supply: .ofContainer, command: nil),
        ImageForecast(service: "web", image: "shop:2", supply: .pull, command: "pull web"),
    ]

    private let folder: TemporaryFolder
    private let app: AppContext

    init() throws {
        folder = try TemporaryFolder()
        try AtomicFile.write("services: {}", to: folder.path + "/compose.yml", access: .ownerOnly)
        try AtomicFile.write(
            "app: shop\nservices: {web: {port: 80}}", to: folder.path + "/teal.yml",
            access: .ownerOnly)
        app = AppContext(
            file: try ConfigurationFile(path: "teal.yml", from: folder.path, environment: [:]),
            state: StateDirectory(environment: [:], from: "/"), options: " --app shop")
    }

    private func lines(
        label: String? = "1.4.0", previous: Placement? = Self.previous,
        changes: [ServiceChange]? = [], files: [FileChange]? = [], free: Int64 = 1000,
        policy: RoomPolicy = .refuse, supply: [ImageForecast] = Self.images,
        removed: [String] = [], notices: [String] = [], options: String = ""
    ) -> [String] {
        let room = RoomReport(
            needs: [
                RoomNeed(service: "web", replicas: 2, each: .mebibytes(128), source: .assumed)
            ], memoryAvailable: .mebibytes(free), heldByPrevious: .mebibytes(512))
        let request = Order(
            number: 2, kind: .deploy, candidate: Self.candidate, label: label, previous: previous,
            services: Self.services, previousServices: Self.services,
            settings: DeploymentSettings(room: policy))
        let set = SetForecast(
            images: supply, changes: changes, notices: [], create: "docker compose create",
            shared: [:])
        let words = StepWords(
            app: "shop", link: "/n/shop/live", mode: .live, nginx: NginxWords(NginxAccess()),
            room: room, set: set, release: Self.candidate.release, files: files)
        let report = PlanReport(
            app: app, request: request, activeLabel: "1.3.9", set: set, room: room,
            removed: removed, files: files, notices: notices,
            steps: PlannedSteps(request, at: Self.now, room: room, words))
        return PlanText(report: report, options: options).text.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    /// Up to the next empty line.
    private func part(_ head: String, of lines: [String]) -> [String] {
        Array(lines.drop { !$0.hasPrefix(head) }.prefix { !$0.isEmpty })
    }

    @Test("It begins with where the release would go, and that nothing was changed")
    func head() {
        #expect(
            lines()[0]
                == "A deploy of shop (1.4.0) would go to green; blue has traffic (release "
                + "\(Self.previous.release), 1.3.9). Nothing was changed.")
        #expect(
            lines(label: nil, previous: nil)[0]
                == "A deploy of shop would go to green; no colour has traffic. Nothing was changed."
        )
    }

    @Test("Each service stands with its role, its containers, its image and where that is from")
    func services() {
        #expect(
            part("Services", of: lines()) == [
                "Services, in start order:",
                "  service  role     containers  image",
                "  db       shared   1           postgres:17  stays with its container",
                "  web      exposed  2           shop:2       would be pulled",
            ])
    }

    @Test("Of what changed, names are shown and never a value")
    func changes() {
        let changes = [
            ServiceChange("api", .added), ServiceChange("old", .removed),
            ServiceChange(
                "web", .changed, keys: ["command", "environment"], variables: ["A", "TOKEN"]),
        ]
        #expect(
            part("Against", of: lines(changes: changes)) == [
                "Against the release that has traffic:", "  api added", "  old removed",
                "  web changed: command, environment (A, TOKEN)",
            ])
        #expect(lines().contains("The compose file says the same as the release that has traffic."))
        #expect(!lines(changes: nil).joined().contains("release that has traffic"))
    }

    @Test("The room has its table, what goes first, and what a deploy makes of too little")
    func room() {
        let fits = part("Room", of: lines(removed: ["shop-green-web-1"]))
        #expect(fits[0] == "Room: the set needs 256 MB of 1000 MB.")
        #expect(fits[1].hasPrefix("  service"))
        #expect(fits.last == "Removed first from green: shop-green-web-1.")
        let warns = part("Room", of: lines(free: 100, policy: .warn))
        #expect(warns.last?.contains("`room: warn`") == true)
        let stops = part("Room", of: lines(free: 100, policy: .stopFirst))
        #expect(stops.last?.contains("`room: stop-first`") == true)
    }

    @Test("nginx's files are shown as a diff, with what is known of them")
    func nginx() {
        let change = FileChange(path: "/n/shop/http.conf", before: "a\n", after: "b\n")
        #expect(
            part("nginx", of: lines(files: [change])) == [
                "nginx:", "  --- /n/shop/http.conf", "  +++ /n/shop/http.conf", "  @@ -1,1 +1,1 @@",
                "  -a", "  +b",
            ])
        #expect(lines().contains("nginx: no file changes."))
        #expect(
            lines(files: nil).contains(
                "nginx: the first deploy writes the files; addresses are known by then."))
    }

    @Test("Steps stand under the name of their phase, with their commands below")
    func steps() {
        let steps = part("Steps", of: lines())
        #expect(
            steps.starts(with: [
                "Steps:",
                "  preparing     look for things of others, and for what the site asks for",
                "                compare memory: the set needs 256 MB of 1000 MB",
                "                images, networks, volumes; create the containers without starting "
                    + "them",
                "                  $ pull web", "                  $ docker compose create",
            ]))
        #expect(steps.last == "  retiring      blue is kept running")
    }

    @Test("It ends with the command that would do it, or with what keeps it from that")
    func end() {
        let told = lines(notices: ["web: x."], options: " --release 1.4.0")
        #expect(part("Worth", of: told) == ["Worth knowing:", "  web: x."])
        #expect(told.suffix(2) == ["Next: `teal deploy --app shop --release 1.4.0`.", ""])
        let full = part("A deploy would not begin", of: lines(free: 100))
        #expect(full[1] == "The set does not fit: it needs 256 MB of 100 MB.")
        #expect(full.last == "Next: correct that and run `teal plan --app shop` again.")
        let missing = ImageForecast(service: "web", image: "shop:2", supply: .missing, command: nil)
        #expect(
            part("A deploy would not begin", of: lines(supply: [missing]))[1]
                == "The image shop:2 of web is not on this host, and pulling is switched off.")
    }
}
