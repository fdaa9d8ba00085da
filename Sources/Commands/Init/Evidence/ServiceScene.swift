import Orchestration

/// A service of a compose file with what stands around it, as evidence is looked for. Pure.
struct ServiceScene: Hashable, Sendable {
    let service: ServiceOutline
    /// Of its name, in lower case: `orders`, `db`.
    let words: [String]
    /// Of the last part of its image's name.
    let imageWords: [String]
    /// `registry.example/library/postgres` of `registry.example/library/postgres:17`, in lower
    /// case; empty without an image.
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
        hasVariableImage = facts.variableImages.contains(service.name)
    }

    /// The last part of its image's name, in lower case.
    var imageName: String { (service.imageBaseName ?? "").lowercased() }

    var name: String { service.name.lowercased() }

    /// The owner's part of the image's name, `acme` of `registry.example/acme/shop`.
    var imageOwner: String? {
        let parts = repository.split(separator: "/")
        return parts.count > 1 ? String(parts[parts.count - 2]) : nil
    }

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

    private static func repository(of image: String) -> String {
        var rest = image.lowercased().split(separator: "@").first.map(String.init) ?? ""
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            rest = String(rest[..<colon])
        }
        return rest
    }
}

/// Facts about a project that its resolved files no longer tell.
struct ProjectFacts: Hashable, Sendable {
    /// The services whose image is named by a variable, `acme/web:${TAG}`.
    var variableImages: Set<String> = []
}
