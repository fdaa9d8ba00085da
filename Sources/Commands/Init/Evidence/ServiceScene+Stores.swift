import Orchestration

/// Whether a name is that of a store, or of something that deals with one.
extension ServiceScene {
    static func isStoreWord(_ word: String) -> Bool {
        KnownNames.storeWords.contains(word) || endsLikeStore(word)
    }

    private static func endsLikeStore(_ word: String) -> Bool {
        word.hasSuffix("db") && word.count > 3 && !KnownNames.storeWords.contains(word)
    }

    /// A project called `flowdb` has its own word, and that says nothing of its parts.
    private func isStoreWord(_ word: String) -> Bool {
        Self.isStoreWord(word)
            && !(Self.endsLikeStore(word) && Self.words(of: project).contains(word))
    }

    /// Another store's front: it waits for one, or is named as what visitors see.
    var isOtherThanStore: Bool {
        hasWord(in: KnownNames.pageWords)
            || isWaitingForStore
    }

    private var isWaitingForStore: Bool {
        others.contains { other in
            service.dependencies.contains(other.name)
                && KnownNames.storeImages.contains((other.imageBaseName ?? "").lowercased())
        }
    }

    enum Place: Hashable {
        case beginning
        case end
    }

    /// `orders-db` and `redis-primary` at the end, `redis-sessions` at the beginning; none in
    /// `db-migrate` and `redis-exporter`.
    func storeWord(in words: [String], at place: Place) -> String? {
        guard !isAboutStore, !Self.dealsWithStores(words) else { return nil }
        let told = words.filter { !KnownNames.fillers.contains($0) }
        let end = told.last.flatMap { isStoreWord($0) ? $0 : nil }
        switch place {
        case .end: return end
        case .beginning:
            return end == nil ? told.first.flatMap { isStoreWord($0) ? $0 : nil } : nil
        }
    }

    var hasStoreImage: Bool {
        KnownNames.storeImages.contains(imageName)
            || KnownNames.storeRepositories.contains(repository)
    }

    /// It runs another program of a store's image, `pg_dump` or `mc`, as its name says too. By its
    /// name alone `redis-service` is a Redis. What is named so and waits for a store is none.
    var worksOnStore: Bool {
        if storeClient != nil { return true }
        guard isAboutStore else { return false }
        if isWaitingForStore { return true }
        let program = command.split(separator: " ").first.map(String.init) ?? ""
        return !program.isEmpty && !program.hasPrefix("-")
            && !KnownNames.storePrograms.contains { program.hasSuffix($0) }
    }

    /// The client that its command runs, `psql` of `sh -c "psql -h db"`; nil where it starts the
    /// store as well, by whatever name: what a client waits for in the background is one.
    var storeClient: String? {
        let started = programs
        let startsStore = started.contains { names in
            names.contains { name in KnownNames.storePrograms.contains(where: name.hasSuffix) }
        }
        return startsStore || hasBackgroundStep || isHeldLikeStore
            ? nil : started.lazy.flatMap(\.self).first(where: KnownNames.storeClients.contains)
    }

    /// The programs of its command, each by its name and by that with the next word.
    private var programs: [[String]] {
        let marks: Set<Character> = [";", "&", "|", "\n", "(", ")", "{", "}", "`"]
        return command.split(whereSeparator: marks.contains).compactMap { step in
            let words = step.split { $0.isWhitespace || $0 == "\"" || $0 == "'" || $0 == "," }
                .map { $0.split(separator: "/").last.map(String.init) ?? "" }
                .map { $0.hasSuffix(".sh") ? String($0.dropLast(3)) : $0 }
            let run = Self.unwrapped(words)
            guard let first = run.first, first != "echo", first != "printf" else { return nil }
            let next = run.dropFirst().first.flatMap { $0.hasPrefix("-") ? nil : $0 }
            // The image's own program may be left out: `init` of `cockroach`.
            return [first, "\(imageName)-\(first)"] + (next.map { ["\(first)-\($0)"] } ?? [])
        }
    }

    /// Without the programs that only start the next one: `gosu postgres`, `timeout 60`,
    /// `wait-for-it db:5432 --`.
    private static func unwrapped(_ words: [String]) -> ArraySlice<String> {
        let run = words.drop { word in
            word.hasPrefix("-") || word == "!" || word.contains("=")
                || KnownNames.leadingCommandWords.contains(word)
        }
        guard let first = run.first else { return run }
        if first.hasPrefix("wait"), let mark = run.firstIndex(of: "--") {
            return unwrapped(Array(run[(mark + 1)...]))
        }
        let isWrapper = KnownNames.wrappers.contains(first)
        return isWrapper ? unwrapped(Array(run.dropFirst(2))) : run
    }

    /// One `&` at the end of a step, which is neither half of `&&` nor part of a redirection.
    private var hasBackgroundStep: Bool {
        let steps = command.split(separator: "&", omittingEmptySubsequences: false)
        return zip(steps, steps.dropFirst()).contains { step, next in
            guard let last = step.last, !"><|".contains(last) else { return false }
            return next.first.map { $0.isWhitespace || ")\"'".contains($0) } ?? false
        }
    }

    /// It has what others reach or keep a store by: data, a check of its health or a port.
    private var isHeldLikeStore: Bool {
        let holdsData = service.mounts.contains { mount in
            mount.isWritable && StoreFolders.all.contains(where: mount.target.hasPrefix)
        }
        return hasStoreImage
            && (holdsData || service.hasHealthCheck || !service.publishedPorts.isEmpty
                || !service.exposedPorts.isEmpty)
    }

    /// A script that a store's image runs in the place of the store, and that stays ended: a store
    /// would be started again.
    var endingScript: String? {
        guard hasStoreImage, service.staysEnded, !goesOn, !hasBackgroundStep, !isHeldLikeStore
        else { return nil }
        let words = command.split { $0.isWhitespace || $0 == "\"" || $0 == "'" }
        let script = words.first { $0.hasSuffix(".sh") }
            .flatMap { $0.split(separator: "/").last.map(String.init) }
        // `docker-entrypoint.sh` and its brothers start the store.
        return script.flatMap { name in
            Self.words(of: name).contains { ["entrypoint", "start", "run"].contains($0) }
                ? nil : name
        }
    }

    /// Another service that is told to reach this one as a store: `postgres://user@meta/shop`.
    var storeAddress: String? {
        others.first { other in
            other.environment.values.contains { value in
                KnownNames.storeSchemes.contains { scheme in
                    value.lowercased().split(separator: ",").contains { part in
                        guard let range = part.firstRange(of: scheme + "://") else { return false }
                        let authority = part[range.upperBound...].prefix { !"/?#".contains($0) }
                        let host = authority.split(separator: "@").last ?? ""
                        return host.split(separator: ":").first.map(String.init) == name
                    }
                }
            }
        }?.name
    }

    /// Its name says that it deals with a store: the last word counts, so that `web-db` is one.
    var isAboutStore: Bool { Self.dealsWithStores(words) }

    private static func dealsWithStores(_ words: [String]) -> Bool {
        guard let last = words.last(where: { !KnownNames.fillers.contains($0) }) else {
            return false
        }
        if KnownNames.aboutStores.contains(last) || KnownNames.tools.contains(last) { return true }
        guard !isStoreWord(last) else {
            return words.first.map(KnownNames.worksOnStores.contains) ?? false
        }
        return words.contains { KnownNames.aboutStores.contains($0) && $0 != "app" }
    }
}
