import Orchestration

/// Whose a program is, as far as its image's name tells.
extension ServiceScene {
    /// Something whole by itself that others make, and that is no part of a release.
    var isKnownApplication: Bool {
        isKnown(among: KnownNames.applications, KnownNames.applicationRepositories)
    }

    /// The same, and people come for no page of it.
    var isKnownPlatform: Bool {
        isKnown(among: KnownNames.platforms, KnownNames.platformRepositories)
    }

    private func isKnown(among names: Set<String>, _ repositories: Set<String>) -> Bool {
        let isBuilt = ([service] + others).contains { $0.build != nil && $0.image == service.image }
        guard service.build == nil, service.image == nil || !isBuilt else { return false }
        if repositories.contains(repository) { return true }
        guard names.contains(imageName) else { return false }
        return KnownNames.ordinaryNames[imageName]?.contains(imageOwner ?? "") ?? true
    }

    /// Known, and something else in the project is nobody's but its owner's.
    var isGuest: Bool {
        (isKnownApplication || isKnownPlatform) && !hasPartName
            && others.contains { other in
                other.build != nil
                    || isOwnersOwn(other) && Self.place(of: other) != Self.place(of: service)
                        && other.image != service.image && !Self.isKnown(other)
            }
    }

    private static func isKnown(_ other: ServiceOutline) -> Bool {
        let name = (other.imageBaseName ?? "").lowercased()
        return KnownNames.applications.contains(name) || KnownNames.platforms.contains(name)
            || KnownNames.databases.contains(name)
            || KnownNames.storeRepositories.contains(repository(of: other.image ?? ""))
            || !repository(of: other.image ?? "").contains("/")
    }

    /// `api` beside `web`, where nothing is built and nothing else is known of it.
    var isNamedAsPart: Bool {
        hasPartName && service.build == nil && service.image != nil && isOwnersOwn(service)
            && others.allSatisfy { $0.build == nil }
    }

    private var hasPartName: Bool {
        ["api", "app", "backend", "client", "frontend", "web", "webapp"].contains(name)
    }

    /// Another part of the release whose image the same people made: `acme/api` beside
    /// `acme/web`. Beside what is built here they may be others, who made both.
    var kin: String? {
        guard isOwnersOwn(service), !isGuest, let place = Self.place(of: service) else {
            return nil
        }
        let isBuiltElsewhere = service.build == nil && others.allSatisfy { $0.build == nil }
        return others.first { other in
            Self.place(of: other) == place && isOwnersOwn(other)
                && (isBuiltElsewhere || other.build != nil)
        }?.name
    }

    /// A variable of it has the other's name where an address has its host: `http://api:8000/x`,
    /// `rpc:50051`.
    func isTold(about name: String) -> Bool {
        service.environment.values.contains { value in
            Self.hosts(in: value).contains(name)
        }
    }

    static func hosts(in value: String) -> [String] {
        value.split { $0.isWhitespace || $0 == "," || $0 == ";" || $0 == "\"" }.compactMap { part in
            let rest = part.firstRange(of: "://").map { part[$0.upperBound...] } ?? part[...]
            let authority = rest.prefix { !"/?#".contains($0) }
            let host = authority.split(separator: "@").last ?? ""
            let pieces = host.split(separator: ":", omittingEmptySubsequences: false)
            let hasPort = pieces.count == 2 && Int(pieces[1]) != nil
            return hasPort || rest.startIndex != part.startIndex
                ? pieces.first.map(String.init) : nil
        }
    }

    /// The database of another service that keeps its records: it waits for it, or a variable names
    /// it. nil where none is known.
    var recordsElsewhere: String? {
        others.first { other in
            let isDatabase =
                KnownNames.databases.contains((other.imageBaseName ?? "").lowercased())
                || Self.repository(of: other.image ?? "") == "mssql/server"
            return isDatabase
                && (service.dependencies.contains(other.name)
                    || service.environment.values.contains {
                        $0 == other.name || Self.hosts(in: $0).contains(other.name)
                    })
        }?.name
    }

    /// A variable of the other names it as a host.
    func isAsked(by other: ServiceOutline) -> Bool {
        other.environment.values.contains { Self.hosts(in: $0).contains(service.name) }
    }

    /// No other image is of its owner.
    var isAloneOfPeople: Bool {
        guard let place = Self.place(of: service) else { return false }
        return others.allSatisfy { Self.place(of: $0) != place }
    }

    func isOfSamePeople(as other: String) -> Bool {
        guard let place = Self.place(of: service) else { return false }
        return others.contains { $0.name == other && Self.place(of: $0) == place }
    }

    /// Nothing says that it is a store, a tool or another known thing.
    private func isOwnersOwn(_ service: ServiceOutline) -> Bool {
        let name = (service.imageBaseName ?? "").lowercased()
        let words = Self.words(of: name)
        return !KnownNames.storeImages.contains(name) && !KnownNames.tools.contains(name)
            && !KnownNames.proxies.contains(name) && !KnownNames.answering.contains(name)
            && !KnownNames.searchingProxies.contains(name)
            && !KnownNames.endingImages.contains(name)
            && words.allSatisfy { !KnownNames.tools.contains($0) }
            && words.last.map { !Self.isStoreWord($0) } ?? false
    }

    /// Registry and owner; nil where many unrelated images have the same.
    private static func place(of service: ServiceOutline) -> String? {
        let parts = repository(of: service.image ?? "").split(separator: "/")
        guard parts.count > 1 else { return nil }
        let owner = String(parts[parts.count - 2])
        guard !KnownNames.publishers.contains(owner) else { return nil }
        return "\(registry(of: service.image) ?? "")/\(parts.dropLast().joined(separator: "/"))"
    }
}
