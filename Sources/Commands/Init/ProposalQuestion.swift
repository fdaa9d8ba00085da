import BlueGreen
import Orchestration

/// Something that a compose file does not tell, with the answers to choose from. Pure.
struct ProposalQuestion: Hashable, Sendable {
    enum Answer: Hashable, Sendable {
        case part(ProposedService.Part)
        /// Two colours may write to its volumes.
        case writers
        /// Its image's volumes may begin empty with each release.
        case empty
        /// Its ports need not be published.
        case noPorts
    }

    struct Choice: Hashable, Sendable {
        let answer: Answer
        /// As it would stand in `teal.yml`, `web: {port: 8080}`.
        let line: String
        /// When it is right; empty where the question says so.
        var purpose = ""

        /// `web: {volumes: shared}` if two writers are fine
        var text: String { purpose.isEmpty ? "`\(line)`" : "`\(line)` \(purpose)" }
    }

    let service: String
    let text: String
    let choices: [Choice]
    /// nil where the evidence is for none.
    let proposed: Answer?
}

extension ProposalQuestion {
    /// The decision that it is about, however it is put.
    struct Subject: Hashable {
        let service: String
        let answers: [Answer]
    }

    var subject: Subject { Subject(service: service, answers: choices.map(\.answer)) }
}

/// The question as a person is asked it.
extension ProposalQuestion {
    enum Reading: Hashable, Sendable {
        case answer(Answer)
        /// It stays undecided.
        case none
        case unclear
    }

    var dialogue: String {
        let rows = choices.enumerated().map { index, choice in
            "  \(index + 1)  \(choice.line)"
                + (choice.purpose.isEmpty ? "" : "  \(choice.purpose)")
                + (choice.answer == proposed ? "  (likeliest: Return takes it)" : "")
        }
        return ([text] + rows + ["  0  decide later", "\(service):"]).joined(separator: "\n")
    }

    /// With the lines to choose from.
    var told: String {
        "\(text) Write one of: \(choices.map(\.text).joined(separator: ", or "))."
    }

    var hint: String { "Type a number from 0 to \(choices.count)." }

    func reading(of line: String) -> Reading {
        let word = line.filter { $0 != " " }
        if word.isEmpty { return proposed.map { .answer($0) } ?? .unclear }
        guard let number = Int(word), (0...choices.count).contains(number) else { return .unclear }
        return number == 0 ? .none : .answer(choices[number - 1].answer)
    }
}

extension ProposedService {
    var questions: [ProposalQuestion] {
        if let question {
            return [
                ProposalQuestion(
                    service: name, text: question.text,
                    choices: question.choices.map { choice(.part($0), line(choosing: $0)) },
                    proposed: question.likeliest.map { .part($0) })
            ]
        }
        return [writersQuestion, emptyQuestion, portsQuestion].compactMap(\.self)
    }

    private var writersQuestion: ProposalQuestion? {
        guard let writing, !acceptsWriters else { return nil }
        let choices =
            part == .internal
            ? writersRemedies.compactMap(choice)
            : [choice(.writers, "\(name): {volumes: \(offeredVolumes.text)}")]
        return ProposalQuestion(
            service: name,
            text: "\(name) can write to \(writing.text), and while two colours run both would. "
                + (writing.reason.map { "That seems fine: \($0)." }
                    ?? "Is that fine? A database in files would be destroyed."),
            choices: choices, proposed: writing.reason == nil ? nil : .writers)
    }

    var emptyQuestion: ProposalQuestion? {
        guard let empties, !acceptsEmpty else { return nil }
        return ProposalQuestion(
            service: name, text: "\(name): \(empties.text) Or mount a volume there.",
            choices: emptyRemedies.compactMap(choice), proposed: nil)
    }

    private var portsQuestion: ProposalQuestion? {
        guard let dropping, !dropping.isAccepted else { return nil }
        let ports = dropping.ports.map(String.init).joined(separator: ", ")
        var choices = [choice(.noPorts, line(as: part, offeredVolumes))]
        if part == .internal {
            choices +=
                otherPort.map { port in
                    let exposed = ProposedService.Part.exposed(port: port)
                    return [choice(.part(exposed), line(as: exposed, offeredVolumes))]
                } ?? []
            choices += Remedy.shared(name, belonging, sharing).compactMap(choice)
        }
        return ProposalQuestion(
            service: name,
            text: "\(name) publishes \(ports) as well, which two colours cannot hold at once. Does "
                + "somebody need that from outside? If not, it is not published."
                + (keepingPorts.map { " If so, and nginx is no way to it, \($0)." } ?? ""),
            choices: choices, proposed: isMeantForOutside ? nil : .noPorts)
    }

    /// The way to keep its ports that no line alone is; nil where it is none.
    var keepingPorts: String? {
        guard sharing == .impossible, !hindrances.isEmpty else { return nil }
        return switch part {
        case .exposed, .shared: nil
        case .singleton, .internal: Remedy.keepingPorts(of: name, without: hindrances)
        }
    }

    /// Games, media and mail come to it past nginx, and it has no other use for its port.
    private var isMeantForOutside: Bool {
        part == .internal
            && published.contains {
                $0.transport != "tcp" || ServicePorts.outward.contains($0.target)
            }
    }

    /// The ways out for its volumes, as the refusals tell them.
    var writersRemedies: [Remedy] {
        Remedy.forWriters(name, belonging, volumes: offeredVolumes, sharing)
    }

    var emptyRemedies: [Remedy] {
        let mayBeShared =
            switch part {
            case .exposed, .shared: Remedy.Sharing.impossible
            case .singleton, .internal: sharing
            }
        return Remedy.forEmptyVolumes(name, belonging, volumes: offeredVolumes, mayBeShared)
    }

    /// nil for a setting that is no answer here.
    private func choice(_ remedy: Remedy) -> ProposalQuestion.Choice? {
        guard let line = line(for: remedy), let setting = remedy.settings.first else { return nil }
        let answer: ProposalQuestion.Answer
        switch setting {
        case .volumes(let use):
            answer = use.contains(.shared) && !acceptsWriters ? .writers : .empty
        case .role(.shared): answer = .part(.shared)
        case .role(.singleton): answer = .part(.singleton)
        case .role, .port, .replicas, .unpublished, .publishNothing: return nil
        }
        return ProposalQuestion.Choice(answer: answer, line: line, purpose: remedy.purpose)
    }

    /// With what the part that it leads to says besides; nil for one that is no answer here.
    func line(for remedy: Remedy) -> String? {
        switch remedy.settings.first {
        case .volumes(let use): line(as: part, use)
        case .role(.shared): line(as: .shared)
        case .role(.singleton): line(as: .singleton)
        case .role, .port, .replicas, .unpublished, .publishNothing, nil: nil
        }
    }

    private func choice(
        _ answer: ProposalQuestion.Answer, _ line: String
    ) -> ProposalQuestion.Choice {
        ProposalQuestion.Choice(answer: answer, line: line)
    }

    /// The whole line that `check` takes.
    func line(choosing part: Part) -> String {
        var chosen = self
        chosen.take(.part(part))
        return line(as: part, chosen.acceptedVolumes)
    }

    /// The line of `teal.yml` that gives it this part.
    func line(as part: Part, _ volumes: ServiceSettings.VolumeUse = []) -> String {
        let entries =
            entries(as: part) + (volumes.isEmpty ? [] : ["volumes: \(volumes.text)"])
        return "\(name): {\(entries.isEmpty ? "role: internal" : entries.joined(separator: ", "))}"
    }

    /// Without a word about its ports where its owner has to say that they may go.
    func entries(as part: Part, withPorts: Bool = true) -> [String] {
        let ports = withPorts ? dropping(as: part)?.ports ?? [] : []
        let numbers = ports.map(String.init).joined(separator: ", ")
        switch part {
        case .exposed(let port):
            return ["port: \(port)"] + (ports.isEmpty ? [] : ["unpublished: [\(numbers)]"])
        case .shared: return ["role: shared"]
        case .singleton: return ["role: singleton"] + (ports.isEmpty ? [] : ["publish: none"])
        case .internal: return ports.isEmpty ? [] : ["publish: none"]
        }
    }

    mutating func take(_ answer: ProposalQuestion.Answer) {
        switch answer {
        case .part(let part):
            self.part = part
            if question?.tellsOfWriters == true { acceptsWriters = true }
            question = nil
            // The line that was chosen says so.
            acceptsPorts = true
        case .writers: acceptsWriters = true
        case .empty: acceptsEmpty = true
        case .noPorts: acceptsPorts = true
        }
    }
}
