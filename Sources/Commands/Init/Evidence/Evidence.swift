import Orchestration

/// One row of the table: what a fact about a service speaks for, how strongly, and its reason.
struct Evidence: Sendable {
    enum Claim: Hashable, Sendable {
        /// Visitors' requests arrive here.
        case entrance
        /// It holds data or carries messages, and is no part of a release.
        case store
        /// It looks into others.
        case tool
        /// Others register there and look each other up.
        case registry
        /// It acts by the clock, so that two would act twice.
        case scheduler
        case worker
        /// It does its work once and ends.
        case ending
        /// It belongs to the release.
        case own
    }

    /// So much speaks clearly enough for a claim other than the entrance.
    static let enough = 10

    /// The ground of a row.
    enum Basis: Hashable, Sendable {
        /// An image that is known, a port, a command, what others do with it.
        case fact
        /// A word of its name or of its image's, which other things may be called by.
        case word
    }

    let claim: Claim
    let weight: Int
    let basis: Basis
    /// Words for the user, `host port 80`; nil where the fact does not hold.
    let reason: @Sendable (ServiceScene) -> String?

    init(
        _ claim: Claim, _ weight: Int, by basis: Basis = .fact,
        _ reason: @escaping @Sendable (ServiceScene) -> String?
    ) {
        self.claim = claim
        self.weight = weight
        self.basis = basis
        self.reason = reason
    }

    init(
        _ claim: Claim, _ weight: Int, by basis: Basis = .fact, _ reason: String,
        if holds: @escaping @Sendable (ServiceScene) -> Bool
    ) {
        self.init(claim, weight, by: basis) { holds($0) ? reason : nil }
    }

    static let table =
        stores + tools + registries + schedulers + clocks + lonelyClocks + workers + endings + own
        + entrances

    struct Finding: Hashable, Sendable {
        let claim: Claim
        let weight: Int
        let basis: Basis
        let reason: String
    }

    static func findings(_ scene: ServiceScene) -> [Finding] {
        // All that its image and its name tell is the store's, and it is a client of one.
        let isClient = scene.storeClient != nil || scene.endingScript != nil
        return table.compactMap { row in
            isClient && row.claim == .store
                ? nil
                : row.reason(scene).map {
                    Finding(claim: row.claim, weight: row.weight, basis: row.basis, reason: $0)
                }
        }
    }
}

extension Evidence {
    /// Of a tool's image; by its name alone a service may be the release's own.
    static let knownTool = 24

    private static let tools = [
        Evidence(.tool, knownTool) { scene in
            let isKnown =
                KnownNames.tools.contains(scene.imageName)
                && !KnownNames.vagueTools.contains(scene.imageName)
            // `redis_exporter`, `postgres-backup-local`: what it looks into, and how.
            let known = Set(scene.imageWords).filter {
                KnownNames.tools.contains($0) || KnownNames.proxies.contains($0)
                    || ServiceScene.isStoreWord($0) || $0 == "node"
            }
            let isDouble = known.count > 1 && !known.isDisjoint(with: KnownNames.tools)
            let isNamed = KnownNames.toolRepositories.contains(scene.repository)
            // Nobody's exporter but its maker's is part of a release.
            let isExporter =
                scene.imageWords.count > 1 && scene.imageWords.last == "exporter"
                && scene.service.build == nil && !scene.hasVariableImage
            let isBackup =
                scene.imageWords.count > 1 && ["backup", "backups"].contains(scene.imageWords.last)
                && scene.service.build == nil && !scene.hasVariableImage && scene.isAloneOfPeople
            return isKnown || isDouble || isNamed || isExporter || isBackup
                ? "image \(scene.imageName)" : nil
        },
        Evidence(.tool, 12) { scene in
            let tools = scene.isVisitedHere ? KnownNames.plainTools : KnownNames.tools
            return scene.calledSo(tools.contains(scene.name))
                ?? scene.words.first { tools.contains($0) }
                .map { "\"\($0)\" in its name" }
        },
        Evidence(.tool, 12) { scene in
            guard !KnownNames.tools.contains(scene.imageName) else { return nil }
            return scene.imageWords.first { KnownNames.tools.contains($0) }
                .map { "\"\($0)\" in its image's name" }
        },
        Evidence(.tool, 12, "command runs flower") { $0.command.contains(" flower") },
        Evidence(.tool, 12, "command runs Prisma Studio") { $0.command.contains("prisma studio") },
    ]

    private static let registries = [
        Evidence(.registry, 22) { scene in
            scene.repository == "consul" || scene.repository.hasSuffix("/consul")
                || scene.imageWords.contains("eureka") || scene.imageWords.contains("nacos")
                ? "image \(scene.imageName)" : nil
        },
        Evidence(.registry, 14) { scene in
            guard !scene.words.contains("schema") else { return nil }
            return scene.words.first { KnownNames.registries.contains($0) }
                .map { "\"\($0)\" in its name" }
        },
    ]

    private static let schedulers = [
        Evidence(.scheduler, knownTool) { scene in
            KnownNames.runners.contains(scene.imageName)
                ? "image \(scene.imageName), which is registered once" : nil
        },
        Evidence(.scheduler, 12) { scene in
            // Of `scheduler-api` the api counts.
            scene.words.first { word in
                KnownNames.schedulers.contains(word)
                    && scene.words.allSatisfy {
                        !KnownNames.entranceWords.contains($0) && $0 != "api"
                    }
            }.map { "\"\($0)\" in its name" }
        },
        Evidence(.scheduler, 12) { scene in
            // A web server may be told about a scheduler, a worker's -B is one.
            guard scene.service.publishedPorts.isEmpty else { return nil }
            return KnownNames.schedulerCommands.first(where: scene.command.contains)
                .map { "command has \"\($0.trimmingBlanks)\"" }
        },
    ]

    /// A worker that is also told to act by the clock is one of these.
    private static let clocks = [
        Evidence(.scheduler, 12) { scene in
            // Of two that ask a service for its messages each would answer.
            guard let last = scene.words.last, KnownNames.bots.contains(last),
                scene.service.publishedPorts.isEmpty, scene.service.exposedPorts.isEmpty,
                scene.dependents.isEmpty, !scene.others.contains(where: scene.isAsked)
            else { return nil }
            return "\"\(last)\" in its name"
        },
        Evidence(.scheduler, 12) { scene in
            guard scene.isLonely else { return nil }
            let words =
                scene.programWords
                + ServiceScene.words(of: scene.command)
                .filter { $0 == "polling" }
            return words.first(where: KnownNames.botPrograms.contains)
                .map { "command has \"\($0)\"" }
        },
        Evidence(.scheduler, 11) { scene in
            guard scene.isLonely else { return nil }
            return scene.service.environment.keys.sorted().first { key in
                key.hasSuffix("BOT_TOKEN") && scene.others.allSatisfy { $0.environment[key] == nil }
            }.map { "\($0), which one bot at a time may use" }
        },
        Evidence(.scheduler, 13, "command has a line of a cron table") { scene in
            scene.service.publishedPorts.isEmpty && scene.hasCronLine
        },
        Evidence(.scheduler, 12) { scene in
            guard scene.service.publishedPorts.isEmpty, scene.service.exposedPorts.isEmpty else {
                return nil
            }
            return scene.words.first { KnownNames.cleaners.contains($0) }
                .map { "\"\($0)\" in its name" }
        },
        Evidence(.scheduler, 30) { scene in
            let words = scene.command.split { $0.isWhitespace || $0 == "\"" || $0 == "'" }
            let isTold =
                words.contains("--beat") || words.contains("--with-scheduler")
                || words.contains("-b") && words.contains("celery")
            return isTold && scene.service.publishedPorts.isEmpty
                ? "command acts by the clock" : nil
        },
        Evidence(.scheduler, 13) { scene in
            guard scene.service.publishedPorts.isEmpty else { return nil }
            let words = ServiceScene.words(of: scene.command)
            if words.contains("without") { return nil }
            return words.first(where: KnownNames.schedulerWords.contains)
                .map { "command has \"\($0)\"" }
        },
        Evidence(.scheduler, 13) { scene in
            scene.service.environment.sorted { $0.key < $1.key }.first { key, value in
                (key.hasSuffix("ROLE") || key.hasSuffix("MODE"))
                    && KnownNames.schedulers.contains(value.lowercased())
            }.map { "\($0.key) is \($0.value)" }
        },
    ]

    /// Of services that nobody else asks for anything.
    private static let lonelyClocks = [
        Evidence(.scheduler, 12) { scene in
            guard scene.isLonely else { return nil }
            return scene.originEnds.first(where: KnownNames.schedulers.contains)
                .map { "\"\($0)\" in what it is made from" }
        },
        Evidence(.scheduler, 13, "command sleeps for minutes in a loop") { scene in
            scene.isLonely && scene.sleepsForMinutes
        },
        Evidence(.scheduler, 13) { scene in
            guard scene.isLonely else { return nil }
            return scene.cronVariable.map { "\($0) is a line of a cron table" }
        },
    ]

    private static let workers = [
        Evidence(.worker, 12) { scene in
            guard let first = scene.words.first, let last = scene.words.last else { return nil }
            let isFirst =
                KnownNames.leadingWorkers.contains(first)
                && scene.words.allSatisfy { !KnownNames.entranceWords.contains($0) && $0 != "api" }
            let word = KnownNames.workers.contains(last) ? last : isFirst ? first : nil
            return word.map { "\"\($0)\" in its name" }
        },
        Evidence(.worker, 12) { scene in
            if let known = KnownNames.workerCommands.first(where: scene.command.contains) {
                return "command has \"\(known.trimmingBlanks)\""
            }
            guard scene.isLonely else { return nil }
            return scene.programWords.first(where: KnownNames.workerPrograms.contains)
                .map { "command has \"\($0)\"" }
        },
    ]

    private static let endings = [
        Evidence(.ending, 30, "others wait for its end", if: \.isEndAwaited),
        Evidence(.ending, 10) { scene in
            scene.words.first { KnownNames.endingWords.contains($0) }
                .map { "\"\($0)\" in its name" }
        },
        Evidence(.ending, 10) { scene in
            KnownNames.migratingImages.contains(scene.imageName)
                ? "image \(scene.imageName)" : nil
        },
        Evidence(.ending, 8) { scene in
            KnownNames.endingImages.contains(scene.imageName) ? "image \(scene.imageName)" : nil
        },
        Evidence(.ending, 7) { scene in
            KnownNames.endingCommands.first(where: scene.command.contains)
                .map { "command has \"\($0)\"" }
        },
        Evidence(.ending, 12) { scene in
            scene.lastStep.flatMap { step in
                KnownNames.endingCommands.first(where: step.contains)
            }.map { "command ends with \"\($0)\"" }
        },
        Evidence(.ending, 12) { scene in
            guard !scene.goesOn,
                scene.service.staysEnded || !scene.hasWord(in: KnownNames.tools)
            else { return nil }
            return scene.storeClient.map { "command runs \($0), a client" }
        },
        Evidence(.ending, 12) { scene in
            scene.endingScript.map { "command runs \($0) in a store's image, and ends" }
        },
        Evidence(.ending, 4) { scene in
            guard scene.service.staysEnded, let restart = scene.service.restart else { return nil }
            return "restart: \(restart == "no" ? "\"no\"" : restart)"
        },
        Evidence(.ending, -15, "it publishes a port") { !$0.service.publishedPorts.isEmpty },
        Evidence(.ending, -15, "it has a healthcheck") { $0.service.hasHealthCheck },
    ]
}

extension String {
    fileprivate var trimmingBlanks: String {
        split(separator: " ").joined(separator: " ")
    }
}
