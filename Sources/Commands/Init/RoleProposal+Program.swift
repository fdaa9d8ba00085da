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
            if proposed.reasons.isEmpty, let likeliest = question.likeliest {
                proposed.reasons = [reason(for: likeliest, service)]
            }
        } else if let port = proposed.otherPort, !exposed.passesOn, isNamedToBrowsers(service) {
            proposed.part = .exposed(port: port)
            proposed.reasons = ["pages send browsers to its port"]
        } else if isOfEntranceImage(service) {
            proposed.reasons = ["the same image as \(exposed.service.name)"]
        } else if !service.isOwn, service.scene.service.image != nil {
            judgeStranger(service, &proposed)
        }
    }

    /// Why an answer is the likeliest, where nothing says whose the service is.
    private func reason(for part: ProposedService.Part, _ service: JudgedService) -> String {
        switch part {
        case .exposed(let port):
            service.ports.published.contains(port)
                ? "publishes port \(port)" : "a proxy sends requests to port \(port)"
        case .shared: "image \(service.scene.imageName)"
        case .singleton, .internal: "reached by \(exposed.service.name)"
        }
    }

    /// An application of others beside a release that is not theirs. If it shares a volume with the
    /// release, or is told to ask a part of it, it belongs to that.
    func isGuestApplication(_ service: JudgedService) -> Bool {
        let scene = service.scene
        switch service.kind {
        case .program, .worker, .scheduler: break
        case .store, .tool, .registry, .ending: return false
        }
        let entrance = exposed.service
        guard !service.isOwn, scene.isGuest || scene.isKnownPlatform,
            scene.service.image != entrance.scene.service.image,
            !scene.isOfSamePeople(as: entrance.name), !service.sharesData(with: entrance)
        else { return false }
        let own = judged.values.filter { other in
            other.isOwn && other.kind != .tool && other.name != service.name
        }
        let isBesideRelease = own.contains { other in
            other.kind == .program && !(other.name == entrance.name && exposed.passesOn)
        }
        return (scene.isKnownPlatform || isBesideRelease)
            && own.allSatisfy { !scene.isTold(about: $0.name) && !service.sharesData(with: $0) }
    }

    /// Its image's owner is all that says so, and it may as well be their database.
    private func isOwnByPeople(_ service: JudgedService) -> Bool {
        guard service.scene.kin != nil, !service.scene.isKnownApplication,
            service.weight(of: .own) == Evidence.enough
        else { return false }
        let others = judged.values.filter { $0.name != service.name }.sorted { $0.name < $1.name }
        return WrittenData.all(of: service.scene.service).contains {
            $0.leave(for: service, beside: others) == nil
        }
    }

    /// An application of others that shares files with a part of the release, or asks one.
    private func isWithRelease(_ service: JudgedService) -> Bool {
        guard service.scene.isKnownApplication else { return false }
        return isToldAboutRelease(service)
            || judged.values.contains { other in
                other.isOwn && other.kind != .tool && other.name != service.name
                    && service.sharesData(with: other)
            }
    }

    /// It asks a part of the release, so that it belongs to that.
    private func isToldAboutRelease(_ service: JudgedService) -> Bool {
        judged.values.contains { other in
            other.isOwn && other.kind != .tool && other.name != service.name
                && service.scene.isTold(about: other.name)
        }
    }

    /// Another's program that nobody reaches from outside, and that writes to nothing known.
    private func judgeStranger(_ service: JudgedService, _ proposed: inout ProposedService) {
        if KnownNames.answering.contains(service.scene.imageName) {
            proposed.reasons = ["image \(service.scene.imageName)"]
            return
        }
        if isWithRelease(service) {
            proposed.reasons = ["image \(service.scene.imageName), of one piece with the release"]
            return
        }
        if isStranger(service) {
            proposed.question = Self.strangerQuestion
            return
        }
        proposed.reasons = ["nothing tells what it is"]
        proposed.remark = Self.strangerRemark(service.name)
    }

    static let unknown = "Nothing tells what it is, so each colour has its own."

    static func strangerRemark(_ name: String) -> String {
        "\(unknown) If it holds data or messages, write: \(name): {role: shared}"
    }

    /// Another's image beside a release of one's own, and nothing is known of it.
    func isStranger(_ service: JudgedService) -> Bool {
        !service.isOwn && service.scene.service.image != nil && exposed.service.isOwn
            && !service.scene.service.hasKnownImage && !service.scene.hasStoreImage
    }

    static let strangerQuestion = ProposedService.Question(
        "Nothing tells what it is. Internal: each release has its own.",
        sharing: "Shared: one for both colours, left alone by a deploy, if it holds data or "
            + "messages.",
        choices: [.shared, .internal], likeliest: nil)

    /// As much speaks for it as for the entrance, or nearly: the entrance alone is taken unasked.
    private func judgeRival(
        _ service: JudgedService, _ port: Int, _ proposed: inout ProposedService
    ) {
        let publishes =
            !service.scene.service.publishedPorts.isEmpty || service.scene.service.isRouted
        proposed.part = publishes ? .exposed(port: port) : .internal
        proposed.question = ProposedService.Question(
            "Do visitors come here as well as to \(exposed.service.name), or instead?",
            choices: exposures(of: service, first: port) + [.internal],
            likeliest: isVisitedToo(service) ? .exposed(port: port) : nil)
    }

    /// A page and what it asks, or two pages: a port of each is published, or a proxy is told
    /// about both, and by their names they are for visitors. Another program of the very image
    /// publishes its port for them too.
    func isVisitedToo(_ service: JudgedService) -> Bool {
        let both = [service, exposed.service]
        let isOffered = both.allSatisfy { part in
            part.isOwn && part.ports.rivals.isEmpty
                && (!part.ports.published.isEmpty || part.scene.service.isRouted)
        }
        let image = service.scene.service.image
        return isOffered && both.allSatisfy { !$0.scene.isOnLoopback }
            && (both.allSatisfy { $0.scene.hasWord(in: KnownNames.visitedParts) }
                || both.allSatisfy(\.scene.service.isRouted)
                || both.allSatisfy(\.scene.isKnownApplication)
                || image != nil && image == exposed.service.scene.service.image)
    }

    /// nil where the evidence suffices, or nothing can go wrong without a word.
    private func doubt(
        about service: JudgedService, reachedAt otherPort: Int?
    ) -> ProposedService.Question? {
        let outline = service.scene.service
        let isTold = outline.isRouted && service.ports.wish != nil
        let port = service.ports.published.isEmpty && !isTold ? nil : otherPort
        if service.weight(of: .store) > 0 { return storeDoubt(service, port) }
        if !service.isOwn || isOwnByPeople(service), !isWithRelease(service),
            !isOfEntranceImage(service), let data = WrittenData(outline)
        {
            return writerDoubt(service.name, data, port)
        }
        if let port, isTold || !exposed.passesOn {
            return isNamedToBrowsers(service) ? nil : visitDoubt(service, port)
        }
        guard !service.isOwn, !isOfEntranceImage(service), !outline.publishedPorts.isEmpty else {
            return nil
        }
        return port.map { strangerDoubt($0, exposed.service.name) } ?? otherProtocolDoubt
    }

    /// Another program of the very image that visitors reach, and so of the release.
    private func isOfEntranceImage(_ service: JudgedService) -> Bool {
        let image = service.scene.service.image
        return image != nil && image == exposed.service.scene.service.image
            && !service.scene.hasStoreImage && !exposed.service.scene.isProxy
    }

    /// Another part tells its visitors' browsers the port of the host: `http://localhost:8000`.
    func isNamedToBrowsers(_ service: JudgedService) -> Bool {
        let isBeside = service.scene.hasWord(
            in: KnownNames.sideWords.subtracting(KnownNames.visitedSides))
        guard service.isOwn, !service.ports.published.isEmpty, !isBeside else { return false }
        let places = service.scene.service.publishedPorts.filter { !$0.published.isEmpty }
            .map { "//localhost:\($0.published)" }
        return service.scene.others.contains { other in
            ([other.build ?? ""] + other.environment.values).contains { value in
                let text = value.replacing("\\/", with: "/")
                return places.contains { place in
                    text.firstRange(of: place).map { range in
                        text[range.upperBound...].first.map { !$0.isNumber } ?? true
                    } ?? false
                }
            }
        }
    }

    private func storeDoubt(_ service: JudgedService, _ port: Int?) -> ProposedService.Question {
        ProposedService.Question(
            "\(service.reasons(for: .store).joined(separator: ", ")): does it hold data, or is it "
                + "a part of the release that asks such a service? Internal: each colour has its "
                + "own.",
            sharing: Self.sharing,
            choices: [.shared, .internal] + (port.map { [.exposed(port: $0)] } ?? []),
            likeliest: nil)
    }

    private func writerDoubt(
        _ name: String, _ data: WrittenData, _ port: Int?
    ) -> ProposedService.Question {
        ProposedService.Question(
            "\(name) writes to \(data.text), and nothing tells what it is. Singleton: part of the "
                + "release, in one colour at a time. Internal: in both colours, and both write.",
            sharing: "Shared: one for both colours, left alone by a deploy, as a database.",
            choices: [.shared, .singleton, .internal] + (port.map { [.exposed(port: $0)] } ?? []),
            likeliest: nil, tellsOfWriters: true)
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
        let isGuest =
            !service.isOwn && exposed.service.isOwn && !isToldAboutRelease(service)
        let isVague =
            isOutward || isGuest || ports.count > 1 || service.scene.isOnLoopback
            || service.scene.hasWord(
                in: KnownNames.sideWords.subtracting(KnownNames.sidePages)
                    .subtracting(KnownNames.visitedSides))
        let wish = service.ports.wish
        // One of it serves both colours, at the port that it has.
        let isAnswering =
            isGuest && wish == nil && KnownNames.answering.contains(service.scene.imageName)
        let claim =
            wish.map { "A proxy sends requests to its port \($0.port) (\($0.source))" }
            ?? "It publishes port \(port)"
        let likeliest: ProposedService.Part =
            (isPage || service.scene.isAtAnyPort) && wish == nil ? .internal : .exposed(port: port)
        return ProposedService.Question(
            "\(claim). Do visitors' requests go there? Then nginx brings "
                + "them; else each colour has its own, and the port is not published.",
            choices: ports + [.internal] + (service.isOwn ? [] : [.shared]),
            likeliest: isAnswering
                ? .shared : isVague && (wish == nil || isGuest) ? nil : likeliest)
    }

    private func strangerDoubt(_ port: Int, _ gateway: String) -> ProposedService.Question {
        ProposedService.Question(
            "It publishes port \(port), and nothing tells what it is. Internal: each release "
                + "has its own, reached by \(gateway), and the port is not published.",
            sharing: Self.sharing,
            choices: [.internal, .shared, .exposed(port: port)],
            likeliest: exposed.service.isOwn || !ServicePorts.usual.contains(port)
                ? nil : .internal)
    }

    private var otherProtocolDoubt: ProposedService.Question {
        ProposedService.Question(
            "It publishes ports that nginx cannot bring to it, and two colours cannot hold them. "
                + "Internal: each colour has its own, and the ports are not published.",
            sharing: Self.sharing, choices: [.shared, .internal], likeliest: nil)
    }
}
