import Orchestration

/// Parts that follow from those of other services.
extension RoleProposal {
    /// A shared service can only depend on shared services. What is known, and not the release's
    /// own, is shared with it.
    mutating func shareDependencies() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for asking in services where asking.part == .shared {
                for index in services.indices where services[index].part == .internal {
                    let name = services[index].name
                    guard decided[name] == nil, dependencies(of: asking.name).contains(name),
                        let service = judged[name],
                        isSharedWithStores(service)
                            || !service.isOwn && service.kind != .program && service.kind != .worker
                                && services[index].question == nil,
                        dependencies(of: name).allSatisfy({ part(of: $0) != .singleton })
                    else { continue }
                    services[index].part = .shared
                    services[index].reasons = ["\(asking.name), which is shared, depends on it"]
                    services[index].remark = nil
                    services[index].question = nil
                    isSettled = false
                }
            }
        }
    }

    /// Another program of a store's image that only stores wait for, and with them what they share.
    private func isSharedWithStores(_ service: JudgedService) -> Bool {
        service.scene.hasStoreImage
            && service.scene.dependents.allSatisfy { judged[$0]?.scene.hasStoreImage ?? false }
    }

    /// A service that depends on one of the colours cannot be shared, however well it is known. Where
    /// that one's part is a question, it waits for the answer.
    mutating func refuseLeaning() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for index in services.indices where services[index].part == .shared {
                let name = services[index].name
                guard decided[name] == nil,
                    let support = dependencies(of: name).sorted().first(where: {
                        part(of: $0) != .shared && !mayBeShared($0)
                    }), let service = judged[name]
                else { continue }
                isSettled = false
                services[index].part = .internal
                services[index].reasons = [
                    "it depends on \(support), of which each colour has its own"
                ]
                let isOpen = services.contains { $0.name == support && $0.question != nil }
                services[index].question = Self.leaningQuestion(service, on: support, isOpen)
                if WrittenData(service.scene.service) != nil, service.kind != .store,
                    !service.scene.isSearchingProxy
                {
                    services[index].part = .singleton
                }
                if service.actsOnce { services[index].part = .singleton }
            }
        }
    }

    /// A question about sharing says who is shared only if this one is.
    mutating func tellLeaning() {
        for index in services.indices where mayBeShared(services[index].name) {
            let name = services[index].name
            let leaning = services.filter { other in
                other.part == .shared && other.question == nil && decided[other.name] == nil
                    && dependencies(of: other.name).contains(name)
            }.map(\.name)
            guard !leaning.isEmpty else { continue }
            services[index].question = services[index].question?.adding(
                toSharing: "Only then \(leaning.joined(separator: ", ")) can be shared, which "
                    + "\(leaning.count == 1 ? "depends" : "depend") on it.")
        }
    }

    private static func leaningQuestion(
        _ service: JudgedService, on support: String, _ isOpen: Bool
    ) -> ProposedService.Question? {
        let name = service.name
        if service.scene.isSearchingProxy { return searchingProxy(service) }
        if service.kind == .store {
            let scene = service.scene.service
            let holds = WrittenData(scene) != nil || !scene.imageVolumes.isEmpty
            let reasons = service.reasons(for: .store).joined(separator: ", ")
            return ProposedService.Question(
                "\(name) \(holds ? "holds data" : "is a store (\(reasons))") and depends on "
                    + "\(support), of which each colour has its own. Internal: each colour has its "
                    + "own, with data of its own.",
                sharing: "Shared: one for both colours; then \(support) must be shared too, or "
                    + "the dependency must go.",
                choices: [.shared, .internal], likeliest: nil)
        }
        guard let data = WrittenData(service.scene.service) else { return nil }
        return ProposedService.Question(
            "\(name) writes to \(data.text) and depends on \(support), of which each "
                + "colour has its own, so it cannot be shared. Singleton: in one colour at "
                + "a time. To share it, remove the dependency in the compose file.",
            choices: [.singleton, .internal], likeliest: isOpen ? nil : .singleton)
    }

    /// A service of the colours for which this one cannot be shared: an exposed one, or a program
    /// of the release that would have to be shared with it. Data may be worth that.
    func colouredSupport(of service: JudgedService) -> String? {
        let isProgram =
            service.belonging != .unknown
            || WrittenData(service.scene.service) == nil
                && service.scene.service.emptyVolumes.isEmpty
        return supports(of: service.name).sorted().first { name in
            switch part(of: name) {
            case .exposed: true
            case .internal, .singleton:
                isProgram && judged[name]?.belonging != .unknown && !mayBeShared(name)
            case .shared, nil: false
            }
        }
    }

    /// Empty where it also takes something from a service of the colours.
    func hindrances(of service: JudgedService) -> [String] {
        func coloured(_ names: Set<String>) -> [String] {
            names.filter { name in
                part(of: name).map { $0 != .shared && !mayBeShared(name) } ?? false
            }.sorted()
        }
        let lenders = coloured(service.scene.service.lenders)
        return lenders.isEmpty ? coloured(dependencies(of: service.name)) : []
    }

    /// All that it waits for or takes something from, and what these do.
    private func supports(of name: String) -> Set<String> {
        var seen: Set<String> = [name]
        var waiting = [name]
        while let name = waiting.popLast() {
            let lenders = judged[name]?.scene.service.lenders ?? []
            for next in dependencies(of: name).union(lenders) where seen.insert(next).inserted {
                waiting.append(next)
            }
        }
        return seen.subtracting([name])
    }

    /// The choice that `check` would refuse is none.
    func refuseSharing(
        _ service: JudgedService, since support: String, _ proposed: inout ProposedService
    ) {
        if proposed.remark == Self.strangerRemark(service.name) {
            proposed.remark = Self.unknown
        }
        // Its data is worth a change of the compose file, of which the question tells.
        guard service.kind != .store, let question = proposed.question,
            question.choices.contains(.shared)
        else { return }
        let isProxy = service.scene.isSearchingProxy
        let left = question.withoutSharing(since: support, isTold: isProxy)
        if proposed.part == .shared { proposed.part = left.choices.first ?? .internal }
        guard left.choices.count == 1, !isProxy else {
            proposed.question = left
            return
        }
        proposed.part = left.choices[0]
        proposed.question = nil
        proposed.reasons = ["it depends on \(support), of which each colour has its own"]
    }

    /// What takes something from another container runs where that one does.
    mutating func followLenders() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for index in services.indices {
                let name = services[index].name
                let lenders = judged[name]?.scene.service.lenders.sorted() ?? []
                guard decided[name] == nil,
                    let lender = lenders.first(where: { $0 != name && judged[$0] != nil })
                else { continue }
                if let question = waitingQuestion(of: services[index], for: lender) {
                    guard services[index].waitsFor == nil else { continue }
                    services[index].waitsFor = lender
                    services[index].question = question
                    services[index].remark = nil
                    isSettled = false
                    continue
                }
                guard let wanted = followed(services[index], part(of: lender)) else { continue }
                services[index].part = wanted
                services[index].question = nil
                services[index].remark = nil
                services[index].reasons = [
                    "it uses what \(lender) has, which is \(wanted.roleName)"
                ]
                isSettled = false
            }
        }
    }

    /// nil where the place of its lender is known, or cannot be its own.
    private func waitingQuestion(
        of own: ProposedService, for lender: String
    ) -> ProposedService.Question? {
        let parts = services.first { $0.name == lender }?.question?.choices.map(\.place) ?? []
        let choices = parts.reduce(into: [ProposedService.Part]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        guard choices.count > 1, own.port == nil, let service = judged[own.name] else {
            return nil
        }
        let data = WrittenData(service.scene.service)
        let writing = data.map { " In both colours both write to \($0.text)." } ?? ""
        return ProposedService.Question(
            "\(own.name) uses what \(lender) has, and runs where that one does: choose the same."
                + writing, choices: choices, likeliest: nil, tellsOfWriters: data != nil)
    }

    /// nil where it runs in the same places already.
    private func followed(
        _ own: ProposedService, _ lender: ProposedService.Part?
    ) -> ProposedService.Part? {
        switch (lender, own.part) {
        case (.shared, .internal), (.shared, .singleton): .shared
        case (.singleton, .internal), (.singleton, .shared): .singleton
        case (.internal, .shared), (.exposed, .shared): .internal
        // nginx must reach it: `check` says what has to change.
        case (.shared, .exposed), (.singleton, .exposed): nil
        // Only its question is settled.
        case (.internal, .internal), (.exposed, .internal): own.question == nil ? nil : .internal
        case (nil, _), (.shared, .shared), (.singleton, .singleton), (.internal, .singleton),
            (.internal, .exposed), (.exposed, .singleton), (.exposed, .exposed):
            nil
        }
    }
}

extension JudgedService {
    /// By the clock, or on the host, so that two of it would act twice.
    fileprivate var actsOnce: Bool {
        let words = Set(scene.words + scene.imageWords + [scene.imageName])
        return kind == .scheduler
            || kind == .tool && !words.isDisjoint(with: KnownNames.actingTools)
    }

    /// Its part in the release, where nothing makes it shared.
    var belonging: Remedy.Belonging {
        switch kind {
        case .ending: .oneShot
        case .store: .unknown
        case .tool: isOwn ? .program : .unknown
        case .registry, .scheduler, .worker, .program: .program
        }
    }
}

extension ProposedService.Part {
    /// Its own part of one that runs beside it.
    fileprivate var place: ProposedService.Part {
        switch self {
        case .exposed, .internal: .internal
        case .shared: .shared
        case .singleton: .singleton
        }
    }

    fileprivate var roleName: String {
        switch self {
        case .exposed: "exposed"
        case .shared: "shared"
        case .singleton: "in one colour at a time"
        case .internal: "in each colour"
        }
    }
}
