import BlueGreen
import Orchestration
import Synchronization
import TestSupport

/// A host in memory: containers, nginx, the symlink, the store, the load and the clock. Any act
/// may fail or lose power, before or after its effect; what is durable outlives the loss.
final class SimulatedHost: Sendable {
    struct PowerLoss: Error {}
    struct Fault: Error {}

    /// How the containers of one release behave when they are started.
    enum Quality: CaseIterable {
        case good
        case slow
        case neverHealthy
        case crashing
        /// Healthy, and answers every other visitor with an error.
        case faulty
    }

    /// A planted bug: what an adapter, or the loop above it, might get wrong.
    enum Flaw: CaseIterable {
        case forgetsRestartPolicy
        case removesBothColours
        case confirmsWithoutLooking
        case stopsTheOther
        case renamesWithoutFsync
        /// Stopping singletons stops none and tells that it did.
        case keepsSingletons
        /// A singleton that was stopped keeps its restart policy.
        case restartsSingletons
        case skipsSettling
        case waitsPastItsBound
        case startsWithoutRoom
        /// Taking traffic from both colours changes the link and not what nginx does.
        case takesDownOnlyTheLink
        /// A container that was stopped is taken for one that runs.
        case startsNothingAgain
        /// A switch leaves the other colour its share of the requests.
        case forgetsTheCanary
        /// Answers are counted, and errors are not.
        case countsNoErrors
        /// A release that never kept traffic is not forgotten.
        case keepsFailedReleases
        /// Compose replaces whoever holds a service's name in the colour's project.
        case replacesStrangers
        /// A colour's containers are told by their project and not by their label.
        case removesByProject
        /// The watch beside a start gets no beats.
        case missesBeats
        /// No link is taken for a link that names nobody.
        case takesALostLinkForNobody
        /// A link is put back without a look at who had traffic.
        case putsALostLinkAnywhere
        /// A record that has no room counts as written.
        case losesRecords
        /// What is found to have happened is not written down.
        case losesFoundMoves
        /// An nginx that is gone is taken for one that answers.
        case answersForNginx
        /// What a run had to leave undone is not written down.
        case forgetsOwedWork
        /// A link that was moved and moved back is taken for one that nobody moved.
        case overlooksReturn
        /// A candidate that was stopped as evidence is taken for one that runs.
        case overlooksEvidence
        /// A colour that Teal reaches is taken for one that nginx reaches.
        case reachesForNginx
        /// A set that does not run is taken for one that does once somebody has moved the link to it.
        case trustsAMovedLink
        /// A link that somebody moves in a bake is not seen.
        case overlooksAMoveInABake
        /// A move that was found hands nothing over.
        case keepsSingletonsOfAMove
    }

    struct State {
        var random: SeededGenerator
        var now = Timestamp(milliseconds: 1_800_000_000_000)
        var isPowered = true
        /// One in so many acts fails; nil for none.
        var faultRate: UInt64?
        var powerLossRate: UInt64?
        /// One in so many reloads reports success while the master keeps the configuration of
        /// before.
        var silentReloadRate: UInt64?
        /// One in so many hooks fails by itself.
        var hookFailureRate: UInt64?
        var hooksRun = 0
        var trouble = SimulatedTrouble()
        var isNginxGone = false
        /// The colour that nginx may not connect to, though Teal can.
        var walledOff: Colour?
        var acts = 0
        var containers: [SimulatedContainer] = []
        var quality: [ReleaseID: Quality] = [:]
        /// The colour that the symlink on disk names, and the one that nginx's workers use.
        var live: Colour?
        var routed: Colour? {
            didSet { if routed != oldValue { noteServed() } }
        }
        /// Somebody has removed the symlink; `live` is still what it was.
        var isLinkLost = false
        var isLinkLostInRun = false
        /// Somebody has moved the symlink here, and no run has moved it since.
        var movedTo: Colour?
        /// The deployments in whose bake somebody moved the symlink.
        var overruled: Set<Int> = []
        /// One in so many looks of a bake comes after somebody has moved the symlink.
        var moveRate: UInt64?
        /// One in so many looks at the containers finds that the link is gone; nil for none.
        var lossRate: UInt64?
        /// One in so many looks at the containers comes after somebody has moved the symlink to
        /// where nobody serves.
        var mistakeRate: UInt64?
        /// A run carries a deployment, and not only looks at what another one has left.
        var isUnderWay = false
        var mistakes: SeededGenerator
        var persons: SeededGenerator
        var accidents: SeededGenerator
        /// The share that the other colour gets, on disk and in nginx's workers.
        var canary: Share?
        var canaryRouted: Share?
        /// Until when nginx writes down what it answers; nil for not at all.
        var watchedUntil: Timestamp?
        var looks = 0
        /// The colour of the symlink before it was renamed over last.
        var linkBefore: Colour?
        var linkMadeAt: Timestamp?
        /// The router needs a reload to make the workers follow the symlink.
        var needsReload = false
        var flaw: Flaw?
        /// The addresses on nginx's disk, and those its workers run on.
        var armedOnDisk: RoutingTable?
        var armed: RoutingTable?
        var deployments: [Int: Deployment] = [:]
        /// The newest deployment as it was saved last.
        var current: Deployment?
        var releases: [Release] = []
        /// The services of the next release, as today's files have them.
        var drafted: [PlannedService] = []
        var strangers = SimulatedStrangers()
        /// Of a swarm; a single host's nginx is in `routed`.
        var edges: [SimulatedEdge] = []
        /// The last end of each deployment that somebody was told of; nil while it waits.
        var announced: [Int: Outcome?] = [:]
        var memoryUses: [ReleaseID: [String: MemoryUse]] = [:]
        var violations: [String] = []
        /// The deployments whose candidate had all of the traffic.
        var served: Set<Int> = []
        /// Told to be kept, and until when: the next deployment that begins.
        var evidence: (placement: Placement, number: Int)?
        /// From the first promotion on, requests must be answered at any moment.
        var mustServe = false
        var load = SimulatedLoad()
        var rest = SimulatedRest()
        var memory = SimulatedMemory()
        var appetites: [ReleaseID: Appetite] = [:]
        /// A signal comes at so many moments from now.
        var signalIn: Int?
        var interruption = Interruption()
        /// The singletons that ran when the newest deployment began, and would survive a reboot.
        var owed: Set<String> = []
    }

    private let state: Mutex<State>
    let driver = BeatDriver()

    init(seed: UInt64) {
        state = Mutex(
            State(
                random: SeededGenerator(seed: seed),
                mistakes: SeededGenerator(seed: seed &+ 0x31_57),
                persons: SeededGenerator(seed: seed &+ 0x9e_12),
                accidents: SeededGenerator(seed: seed &+ 0x3b_71)))
    }

    func with<Value>(_ body: (inout sending State) throws -> sending Value) rethrows -> Value {
        try state.withLock(body)
    }

    /// Runs one act with the faults that the seed has for it, and looks at the invariants after.
    func act<Value: Sendable>(
        _ name: String, _ body: (inout State) throws -> Value
    ) throws -> Value {
        try state.withLock { state in
            guard state.isPowered else { throw PowerLoss() }
            state.acts += 1
            state.strangers.mayCome(&state.random)
            let losesPower = state.powerLossRate.map { state.random.isOne(in: $0) } ?? false
            let fails = state.faultRate.map { state.random.isOne(in: $0) } ?? false
            let afterEffect = state.random.isOne(in: 2)
            if losesPower || fails, !afterEffect {
                if losesPower { state.losePower() }
                throw losesPower ? PowerLoss() as any Error : Fault()
            }
            state.checkLink(before: name)
            let value = try body(&state)
            state.check(after: name)
            if losesPower { state.losePower() }
            if losesPower || fails { throw losesPower ? PowerLoss() as any Error : Fault() }
            return value
        }
    }
}

extension SimulatedHost.State {
    /// The process is gone, and half of the time the whole host with it.
    mutating func losePower() {
        isPowered = false
        if random.isOne(in: 2) { return }
        if flaw == .renamesWithoutFsync { live = linkBefore }
        routed = live
        canaryRouted = canary
        for index in containers.indices { containers[index].reboot() }
        armed = armedOnDisk
        check(after: "a reboot")
    }

    /// The workers send their requests to another colour now.
    fileprivate mutating func noteServed() {
        guard let current, current.outcome == nil, routed == current.candidate.colour,
            movedTo != routed
        else {
            return
        }
        served.insert(current.number)
    }

    mutating func halt(_ act: String, _ isMeant: (SimulatedContainer) -> Bool) {
        checkEdges(before: act, isMeant)
        for index in containers.indices where isMeant(containers[index]) {
            let colour = containers[index].colour
            let hasTraffic = colour == routed || (canaryRouted != nil && colour == routed?.other)
            if mustServe, containers[index].isRunning, hasTraffic {
                violations.append("\(containers[index].colour) has traffic and met \(act)")
            }
            if isOnlyServer(containers[index]) {
                violations.append("\(colour) alone serves and met \(act)")
            }
            containers[index].stop()
        }
        rest.isOver()
    }

    mutating func remove(_ isMeant: (SimulatedContainer) -> Bool) {
        halt("remove", isMeant)
        containers.removeAll(where: isMeant)
    }

    func isHealthy(_ container: SimulatedContainer) -> Bool {
        switch quality[container.placement.release] ?? .good {
        case .good, .faulty: container.isRunning
        case .slow:
            container.isRunning
                && container.startedAt.map { now - $0 >= .seconds(40) } ?? false
        case .neverHealthy, .crashing: false
        }
    }

    /// A container that crashes does so as soon as somebody looks.
    mutating func crashWhatCrashes() {
        for index in containers.indices
        where containers[index].isRunning
            && quality[containers[index].placement.release] == .crashing
        {
            containers[index].isRunning = false
            containers[index].exitCode = 1
        }
    }
}
