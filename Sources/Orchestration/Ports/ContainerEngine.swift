package import BlueGreen

/// The container set of one app, as an engine holds it. Every method is idempotent.
package protocol ContainerEngine: Sendable {
    /// The engine's name, `Docker`.
    var name: String { get }

    /// Whether all its containers run on this host, so that this host's memory and load are
    /// theirs.
    var runsOnThisHost: Bool { get }

    /// The memory of the hosts that it may place the recorded candidate on, beside the candidate's
    /// needs; nil where all its containers run on this host.
    func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom?

    /// All containers of the app, in either colour and shared, running or not.
    func containers() async throws -> [Container]

    /// Looks for all that keeps the recorded release from going there; changes nothing.
    func obstacles(to candidate: Placement, _ kind: DeploymentKind) async throws -> [Obstacle]

    /// Looks for the things of others that disturb the release at this placement, or its way there,
    /// and for networks that the app's own containers lost; changes nothing.
    func disturbances(of active: Placement) async throws -> [Disturbance]

    /// Brings the app's own running containers into the networks that they lost.
    ///
    /// - Returns: each that was off one, also where the engine refused.
    func reconnect() async throws -> [Reconnection]

    /// Gets the images, makes networks and volumes, and writes the release's container set for this
    /// colour. Removes the colour's containers of other releases, and creates the new ones without
    /// starting them. A cold rollback takes everything from the release's own record.
    func prepare(_ placement: Placement, kind: DeploymentKind) async throws

    /// Starts one container, or leaves it alone where it runs. A missing shared service is created
    /// first, and a shared one-shot that has done its work is left alone.
    func start(_ container: PlannedReplica, of placement: Placement) async throws -> StartResult

    /// Gives the running containers of the colour, and the shared ones, the restart policy that
    /// brings them back after a reboot. Before this call a container that ends stays ended, so that
    /// a crash is seen. One that does not run is left without one: it has done its work, or waits
    /// for its turn.
    func keepRunning(_ placement: Placement, _ endurance: Endurance) async throws

    /// The shared services that the release may have otherwise than their containers are, in order.
    func staleShared(beside release: ReleaseID) async throws -> [StaleShared]

    /// Stops the colour's containers, each within its own grace time, and keeps them.
    func stop(_ colour: Colour) async throws

    /// Stops the containers of this release and no others of its colour, and keeps them. If the
    /// candidate was never created, the colour still holds another release.
    func stop(_ placement: Placement) async throws

    /// Stops the colour's singletons, and its containers of the named services, each within its
    /// own grace time, and keeps them. Neither a reboot nor a restart of Docker starts them again.
    /// None of them runs when it returns, but for those that are told.
    ///
    /// - Returns: one sentence for each that may run on where nobody can end it.
    func stopSingletons(of colour: Colour, and services: Set<String>) async throws -> [String]

    /// Removes the colour's containers. `.graceful` lets them end as `stop` does, `.atOnce` kills.
    func remove(_ colour: Colour, _ haste: Haste) async throws

    /// Removes the containers of this release and no others of its colour. If the candidate was
    /// never created, the colour still holds the release of a warm rollback.
    func remove(_ placement: Placement, _ haste: Haste) async throws

    /// Ends the container within its own grace time and starts it again, with the address and the
    /// restart policy that it has. Its pre_stop and post_start hooks run. One that does not run is
    /// only started. Neither the end of Teal nor one of the engine meanwhile leaves it down. It
    /// runs when this returns; its check is left to the caller.
    func restart(_ container: Container) async throws

    /// What happens to the app's containers from the moment of the call on, in either colour and
    /// shared, as it happens. It ends with an error when the engine ends.
    func events() -> AsyncThrowingStream<ContainerEvent, any Error>

    /// The last lines that a container wrote, oldest first, without control characters.
    func logs(of container: Container, lines: Int) async throws -> [String]

    /// The endings and OOM kills of the app's containers since the moment, in either colour and
    /// shared, oldest first. Containers that were started again or are gone count too. The engine
    /// remembers its last few hundred events, which may be seconds or days, so a watch asks often.
    func endings(since: Timestamp) async throws -> [ContainerEnding]

    /// The containers of the app that the engine was asked to end since the moment, and that have
    /// neither ended nor started since, with the last time that it was asked. It remembers no more
    /// than it does of endings.
    func stops(since: Timestamp) async throws -> [ContainerStop]

    /// The memory that each running container of the app holds, by container id. File cache that it
    /// would give back does not count.
    func memoryUse() async throws -> [String: ByteCount]

    /// As `memoryUse()` tells it, of one container; nil where it does not run.
    func memoryUse(ofContainer id: String) async throws -> ByteCount?

    /// The TCP sockets on which programs of the container take connections.
    func listeners(of container: Container) async throws -> [Listener]

    /// Runs a program inside the container and tells its exit code.
    func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult

    /// Where nginx reaches the exposed services of a container set in this colour. Addresses are
    /// fixed: the same set has the same ones from deploy to deploy.
    func routes(for services: [PlannedService], in colour: Colour) async throws -> [Route]

    /// Forgets all other releases that no container belongs to: their folders and image tags. Their
    /// images go where nothing else uses them.
    func discardReleases(except kept: Set<ReleaseID>) async throws
}

extension ContainerEngine {
    package var runsOnThisHost: Bool { true }

    package func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? { nil }
}

/// What a container that runs has been through, which tells whether it keeps running.
package enum Endurance: Sendable {
    /// It is up. One that serves nobody may have work that ends.
    case started
    /// Its deployment is over.
    case deployed
}

/// Whether a start was needed.
package enum StartResult: Sendable {
    case started
    /// It runs already, or has done what it is for.
    case ranAlready
}

/// How much time containers get to end.
package enum Haste: Sendable {
    case graceful
    case atOnce
}
