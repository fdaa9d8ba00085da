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
                    guard dependencies(of: asking.name).contains(name), let service = judged[name],
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

    /// What depends on a service of the colours cannot be shared, however well it is known.
    mutating func refuseLeaning() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for index in services.indices where services[index].part == .shared {
                let name = services[index].name
                guard
                    let support = dependencies(of: name).sorted().first(where: {
                        part(of: $0) != .shared
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
            }
        }
    }

    private static func leaningQuestion(
        _ service: JudgedService, on support: String, _ isOpen: Bool
    ) -> ProposedService.Question? {
        let name = service.name
        if service.scene.isSearchingProxy { return searchingProxy(service) }
        if service.kind == .store {
            return ProposedService.Question(
                text: "\(name) holds data and depends on \(support), of which each colour has its "
                    + "own. Shared: one for both colours; then \(support) must be shared too, or "
                    + "the dependency must go. Internal: each colour has its own, with data of its "
                    + "own.",
                choices: [.shared, .internal], likeliest: nil)
        }
        guard let data = WrittenData(service.scene.service) else { return nil }
        return ProposedService.Question(
            text: "\(name) writes to \(data.text) and depends on \(support), of which each "
                + "colour has its own, so it cannot be shared. Singleton: in one colour at "
                + "a time. To share it, remove the dependency in the compose file.",
            choices: [.singleton, .internal], likeliest: isOpen ? nil : .singleton)
    }

    /// What takes something from another container runs where that one does.
    mutating func followLenders() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for index in services.indices {
                let name = services[index].name
                let lenders = judged[name]?.scene.service.lenders.sorted() ?? []
                guard let lender = lenders.first(where: { $0 != name && judged[$0] != nil }),
                    let wanted = followed(services[index], part(of: lender))
                else { continue }
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

extension ProposedService.Part {
    fileprivate var roleName: String {
        switch self {
        case .exposed: "exposed"
        case .shared: "shared"
        case .singleton: "in one colour at a time"
        case .internal: "in each colour"
        }
    }
}
