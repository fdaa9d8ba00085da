import Orchestration

/// A service of a compose file with what stands around it, as evidence is looked for. Pure.
struct ServiceScene: Hashable, Sendable {
    let service: ServiceOutline
    /// Of its name, in lower case: `orders`, `db`.
    let words: [String]
    /// Of the last part of its image's name.
    let imageWords: [String]
    /// `acme/shop` of `registry.example/acme/shop:17`, in lower case; empty without an image.
    let repository: String
    /// Its entrypoint and command in one line, in lower case.
    let command: String
    /// The services that wait for it.
    let dependents: Set<String>
    let isEndAwaited: Bool
    /// Another service with the same image or the same build; nil where there is none.
    let twin: String?
    let hasVariableImage: Bool
    /// The name of the whole project.
    let project: String
    let others: [ServiceOutline]

    init(
        _ service: ServiceOutline, among all: [ServiceOutline], of project: String,
        _ facts: ProjectFacts
    ) {
        self.service = service
        self.project = project
        words = Self.words(of: service.name)
        imageWords = Self.words(of: service.imageBaseName ?? "")
        repository = Self.repository(of: service.image ?? "")
        command = service.command.joined(separator: " ").lowercased()
        others = all.filter { $0.name != service.name }
        dependents = Set(others.filter { $0.dependencies.contains(service.name) }.map(\.name))
        isEndAwaited = others.contains { $0.awaitedEnds.contains(service.name) }
        twin = others.first { Self.areTwins($0, service) }?.name
        let variables = facts.imageVariables[service.name] ?? []
        let isBuiltBeside = service.build == nil && others.contains { $0.build != nil }
        hasVariableImage =
            !variables.isEmpty
            && !(isBuiltBeside && Self.areVersions(variables, of: repository))
    }

    /// The last part of its image's name, in lower case.
    var imageName: String { (service.imageBaseName ?? "").lowercased() }

    var name: String { service.name.lowercased() }

    /// The owner's part of the image's name, `acme` of `registry.example/acme/shop`.
    var imageOwner: String? {
        let parts = repository.split(separator: "/")
        return parts.count > 1 ? String(parts[parts.count - 2]) : nil
    }

    /// The registry's host, `registry.example` of `registry.example/acme/shop`; nil where the image
    /// comes from Docker Hub.
    var registry: String? { Self.registry(of: service.image) }

    static func registry(of image: String?) -> String? {
        let parts = (image ?? "").lowercased().split(separator: "/")
        guard parts.count > 1, let host = parts.first, host.contains(where: ".:".contains) else {
            return nil
        }
        return String(host)
    }

    /// `55 23 * * *`, or `@daily`.
    var hasCronLine: Bool {
        let parts = command.split { $0.isWhitespace || $0 == "\"" || $0 == "'" }
        if parts.contains(where: { KnownNames.cronPeriods.contains(String($0)) }) { return true }
        let fields = parts.map { part in
            part.allSatisfy { $0.isNumber || "*/,-".contains($0) }
                && part.contains { $0.isNumber || $0 == "*" }
        }
        return parts.indices.dropLast(4).contains { first in
            fields[first...(first + 4)].allSatisfy(\.self)
                && parts[first...(first + 4)].contains { $0.hasPrefix("*") }
        }
    }

    /// The last of several steps in one command, `node server.js` of `migrate && node server.js`;
    /// nil where it starts something that stays.
    var lastStep: String? {
        let steps = command.replacing("&&", with: ";").split { $0 == ";" || $0.isNewline }
        guard
            let last = steps.last(where: { $0.contains { $0.isLetter } }).map(String.init)
        else { return nil }
        let words = last.split { $0.isWhitespace || $0 == "\"" || $0 == "'" }
        // `--migrate`, `MIGRATE=1` and `migrate-and-run` are told to something that stays.
        let isOption = words.contains { word in
            KnownNames.endingCommands.contains { known in
                word.contains(known)
                    && (word.hasPrefix("-") || word.contains("=")
                        || Self.words(of: String(word).replacing(known, with: " "))
                            .contains("run"))
            }
        }
        let stays = Self.words(of: last).contains(where: KnownNames.startingWords.contains)
        return isOption || stays || last.contains("|") ? nil : last
    }

    /// The reason of a row that goes by the whole name.
    func calledSo(_ holds: Bool) -> String? { holds ? "called \(service.name)" : nil }

    func hasWord(in known: Set<String>) -> Bool { !known.isDisjoint(with: words) }

    private static func areTwins(_ left: ServiceOutline, _ right: ServiceOutline) -> Bool {
        if let build = left.build, build == right.build { return true }
        return left.image != nil && left.image == right.image
    }

    /// Numbers at a word's end do not belong to it: `redis1`, `web-2`.
    static func words(of name: String) -> [String] {
        name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
            .map { word in
                var kept = word
                while kept.last?.isNumber == true { kept.removeLast() }
                return String(kept)
            }
            .filter { !$0.isEmpty }
    }

    /// Variables named after an image, `TEMPORAL_VERSION` of `temporalio/server`: its version is
    /// chosen by hand, whatever the release is.
    private static func areVersions(_ variables: [String], of repository: String) -> Bool {
        let parts = words(of: repository)
        return variables.allSatisfy { variable in
            words(of: variable).contains { word in
                word.count > 2 && !KnownNames.entranceWords.contains(word)
                    && !KnownNames.imageWords.contains(word)
                    && parts.contains { $0.hasPrefix(word) }
            }
        }
    }

    /// Without the registry, and without Docker Hub's `library`.
    static func repository(of image: String) -> String {
        var rest = image.lowercased().split(separator: "@").first.map(String.init) ?? ""
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            rest = String(rest[..<colon])
        }
        let parts = rest.split(separator: "/")
        let isRegistry = parts.first.map { $0 == "localhost" || $0.contains { ".:".contains($0) } }
        let path = parts.count > 1 && isRegistry == true ? parts.dropFirst() : parts[...]
        return (path.first == "library" ? path.dropFirst() : path).joined(separator: "/")
    }
}

/// Facts about a project that its resolved files no longer tell.
struct ProjectFacts: Hashable, Sendable {
    /// The variables in the image's name of each service that has some, `TAG` of `acme/web:${TAG}`.
    var imageVariables: [String: [String]] = [:]
}
