import BlueGreen
import DockerCompose
import DockerEngine
import FoundationEssentials
import HostSystem
import Orchestration
import Testing

@testable import Commands

/// Compose files as projects have them, in Projects/, each with the `teal.yml` that is right.
/// Compose resolves them, as it does for `teal init`.
@Suite(
    "What teal init proposes for whole projects",
    .enabled(if: ProposalProject.hasCompose, "there is no Compose here: Tests/run.sh fetches it"))
struct ProposalProjectTests {
    @Test("Issue 11: of the projects eleven in twelve are right, and none is wrong and Ready")
    func projects() async throws {
        let names = try ProposalProject.names()
        #expect(names.count >= 170)
        var wrong: [String] = []
        var asking: [String] = []
        var open: [String] = []
        for name in names {
            let project = try await ProposalProject(name)
            let differences = project.differences(project.proposal.settled())
            if !differences.isEmpty { wrong.append("\(name): \(differences)") }
            if !project.proposal.questions.isEmpty { asking.append(name) }
            if !project.proposal.settled().questions.isEmpty { open.append(name) }
            #expect(project.refusals.isEmpty, "\(name): check refuses \(project.refusals)")
            let offered = project.refusedOffers
            #expect(offered.isEmpty, "\(name): check refuses what is offered, \(offered)")
            let silent = project.proposal.settled().services.filter {
                $0.question == nil && $0.reasons.isEmpty
            }
            #expect(silent.isEmpty, "\(name) has no reason for \(silent.map(\.name))")
            // Who knows the project can say what is right by answering.
            let missing = project.unreachable
            #expect(missing.isEmpty, "\(name) has no answer for \(missing)")
            // A wrong answer must stand under a question.
            let unasked = project.differences(project.proposal, besidesQuestions: true)
            #expect(unasked.isEmpty, "\(name) is wrong and Ready: \(unasked)")
        }
        #expect(wrong.count * 12 <= names.count, "wrong, or left open: \(wrong)")
        // To ask about everything would be no knowledge.
        #expect(asking.count * 2 <= names.count, "questions are asked in \(asking)")
        #expect(open.count * 4 <= names.count, "left open by --yes: \(open)")
    }
}

struct ProposalProject {
    let proposal: Proposal
    private let outline: ProjectOutline
    /// What `teal.yml` says of them.
    private let settings: [String: ServiceSettings]
    /// The entry of each service that needs one, without its name.
    private let right: [String: String]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    static let compose = root.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/compose-v2").path

    static var hasCompose: Bool {
        FileSystem().exists(compose + "/cli-plugins/docker-compose")
    }

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path + "/Projects").sorted()
    }

    init(_ name: String) async throws {
        let folder = Self.root.path + "/Projects/" + name
        let invocation = Invocation(
            environment: ["DOCKER_CONFIG": Self.compose, "PATH": "/usr/bin:/bin"],
            directory: folder, standardOutput: .standardOutput, standardError: .standardError)
        let files = try ComposeFiles(named: [], from: folder)
        outline = try await Wiring.outline(
            app: ProposedName(name).app, files.paths, [], in: folder, invocation)
        proposal = try Proposal(outline, Proposal.Wish(), composeFiles: [], files.facts)
        let text = try FileSystem().readText(folder + "/teal.yml")
        settings = try AppConfiguration(yaml: text, file: "teal.yml", environment: [:]).services
        let lines = text.split(separator: "\n")
        right = Dictionary(
            uniqueKeysWithValues: lines.filter { $0.hasPrefix("  ") }.map { line in
                let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
                return (String(parts[0].dropFirst(2)), parts[1])
            })
    }

    /// - Parameter besidesQuestions: leaves out what is asked, a volume as well as a role.
    func differences(_ proposal: Proposal, besidesQuestions: Bool = false) -> [String] {
        proposal.services.compactMap { service in
            if besidesQuestions, !service.questions.isEmpty { return nil }
            let found = Self.entry(of: service)
            let wanted = right[service.name] ?? "{}"
            // That two may write is the owner's to say, where nothing tells it.
            let plain = wanted.replacing(", volumes: shared", with: "")
                .replacing("volumes: shared", with: "")
            let isAsked = service.questions.contains { $0.choices.first?.answer == .writers }
            if found == wanted || (isAsked && found == plain) { return nil }
            return "\(service.name) is \(found), right is \(wanted)"
        }
    }

    /// The problems that `check` has with the `teal.yml` that is right.
    var refusals: [String] { outline.problems(settings).map(\.message) }

    /// Shared services that are offered while `check` refuses them, all else being right.
    var refusedOffers: [String] {
        proposal.services.filter { service in
            // A store's data is worth a change of the compose file, of which its question tells. One
            // that waits for another has the same choices as that one.
            guard service.waitsFor == nil,
                service.questions.contains(where: { question in
                    question.choices.contains { $0.answer == .part(.shared) }
                        && !question.text.contains("the dependency must go")
                })
            else { return false }
            var chosen = settings
            chosen[service.name] = ServiceSettings(role: .shared)
            return outline.problems(chosen).contains { $0.service == service.name }
        }.map(\.name)
    }

    /// The services whose right entry none of the answers leads to.
    var unreachable: [String] {
        proposal.services.filter { !canBecome(right[$0.name] ?? "{}", $0) }.map(\.name)
    }

    private func canBecome(_ wanted: String, _ service: ProposedService) -> Bool {
        guard let question = service.questions.first else {
            return Self.entry(of: service) == wanted
        }
        return question.choices.contains { choice in
            var answered = service
            answered.take(choice.answer)
            return canBecome(wanted, answered)
        }
    }

    private static func entry(of service: ProposedService) -> String {
        let volumes = service.writing != nil && service.acceptsWriters ? ["volumes: shared"] : []
        return "{\((service.entries(as: service.part) + volumes).joined(separator: ", "))}"
    }
}
