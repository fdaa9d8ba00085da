import Orchestration

/// A program that may be the release's own, or a stranger that nothing identifies.
extension RoleProposal {
    func judge(_ service: JudgedService, _ proposed: inout ProposedService) {
        proposed.reasons = service.reasons(for: .own)
        if exposed.rivals.contains(service.name), let port = proposed.otherPort {
            return judgeRival(service, port, &proposed)
        }
        if let question = doubt(about: service, reachedAt: proposed.otherPort) {
            if case .exposed = question.choices[0] { proposed.part = question.choices[0] }
            proposed.question = question
        } else if !service.isOwn, service.scene.service.image != nil {
            judgeStranger(service, &proposed)
        }
    }

    /// Another's program that nobody reaches from outside, and that writes to nothing known.
    private func judgeStranger(_ service: JudgedService, _ proposed: inout ProposedService) {
        if KnownNames.answering.contains(service.scene.imageName) {
            proposed.reasons = ["image \(service.scene.imageName)"]
            return
        }
        if exposed.service.isOwn, !service.scene.service.hasKnownImage {
            proposed.question = ProposedService.Question(
                text: "Nothing tells what it is. Shared: one for both colours, left alone by a "
                    + "deploy, if it holds data or messages. Internal: each release has its own.",
                choices: [.shared, .internal], likeliest: nil)
            return
        }
        proposed.remark =
            "Nothing tells what it is, so each colour has its own. If it holds data or "
            + "messages, write: \(service.name): {role: shared}"
    }

    /// As much speaks for it as for the entrance, or nearly: the entrance alone is taken unasked.
    private func judgeRival(
        _ service: JudgedService, _ port: Int, _ proposed: inout ProposedService
    ) {
        let publishes = !service.scene.service.publishedPorts.isEmpty
        proposed.part = publishes ? .exposed(port: port) : .internal
        proposed.question = ProposedService.Question(
            text: "Do visitors come here as well as to \(exposed.service.name), or instead?",
            choices: exposures(of: service, first: port) + [.internal], likeliest: nil)
    }

    /// nil where the evidence suffices, or nothing can go wrong without a word.
    private func doubt(
        about service: JudgedService, reachedAt otherPort: Int?
    ) -> ProposedService.Question? {
        let outline = service.scene.service
        let isTold = outline.isRouted && service.ports.wish != nil
        let port = service.ports.published.isEmpty && !isTold ? nil : otherPort
        if service.weight(of: .store) > 0 { return storeDoubt(service, port) }
        if !service.isOwn, let data = WrittenData(outline) {
            return writerDoubt(service.name, data, port)
        }
        if let port, isTold || !exposed.passesOn { return visitDoubt(service, port) }
        guard !service.isOwn, !outline.publishedPorts.isEmpty else { return nil }
        return port.map { strangerDoubt($0, exposed.service.name) } ?? otherProtocolDoubt
    }

    private func storeDoubt(_ service: JudgedService, _ port: Int?) -> ProposedService.Question {
        ProposedService.Question(
            text: "\(service.reasons(for: .store).joined(separator: ", ")): does it hold data, "
                + "or a part of the release that asks such a service? Shared: one for both "
                + "colours, left alone by a deploy. Internal: each colour has its own.",
            choices: [.shared, .internal] + (port.map { [.exposed(port: $0)] } ?? []),
            likeliest: nil)
    }

    private func writerDoubt(
        _ name: String, _ data: WrittenData, _ port: Int?
    ) -> ProposedService.Question {
        ProposedService.Question(
            text: "\(name) writes to \(data.text), and nothing tells what it is. Shared: one for "
                + "both colours, left alone by a deploy, as a database. Singleton: part of the "
                + "release, in one colour at a time. Internal: in both colours, and both write.",
            choices: [.shared, .singleton, .internal] + (port.map { [.exposed(port: $0)] } ?? []),
            likeliest: nil)
    }

    /// A page beside the site, a part of it that browsers ask, or neither.
    private func visitDoubt(_ service: JudgedService, _ port: Int) -> ProposedService.Question {
        let ports = exposures(of: service, first: port)
        let isPage = service.scene.hasWord(in: KnownNames.sidePages)
        // Media or mail beside it would be cut off from those outside.
        let isOutward = service.scene.service.publishedPorts.contains {
            $0.transport != "tcp" || ServicePorts.outward.contains($0.target)
        }
        // Another's application beside one's own site may have a life of its own.
        let isGuest = !service.isOwn && exposed.service.isOwn
        let isVague =
            isOutward || isGuest || ports.count > 1 || service.scene.isOnLoopback
            || service.scene.hasWord(in: KnownNames.sideWords.subtracting(KnownNames.sidePages))
        let wish = service.ports.wish
        let claim =
            wish.map { "A proxy sends requests to its port \($0.port) (\($0.source))" }
            ?? "It publishes port \(port)"
        let likeliest: ProposedService.Part =
            isPage && wish == nil ? .internal : .exposed(port: port)
        return ProposedService.Question(
            text: "\(claim). Do visitors' requests go there? Then nginx brings "
                + "them; else each colour has its own, and the port is not published.",
            choices: ports + [.internal] + (service.isOwn ? [] : [.shared]),
            likeliest: isVague && (wish == nil || isGuest) ? nil : likeliest)
    }

    private func strangerDoubt(_ port: Int, _ gateway: String) -> ProposedService.Question {
        ProposedService.Question(
            text: "It publishes port \(port), and nothing tells what it is. Internal: each release "
                + "has its own, reached by \(gateway), and the port is not published. Shared: one "
                + "for both colours, left alone by a deploy.",
            choices: [.internal, .shared, .exposed(port: port)],
            likeliest: exposed.service.isOwn || !ServicePorts.usual.contains(port)
                ? nil : .internal)
    }

    private var otherProtocolDoubt: ProposedService.Question {
        ProposedService.Question(
            text: "It publishes ports that nginx cannot bring to it, and two colours cannot "
                + "hold them. Shared: one for both colours, left alone by a deploy. Internal: "
                + "each colour has its own, and the ports are not published.",
            choices: [.shared, .internal], likeliest: nil)
    }
}
