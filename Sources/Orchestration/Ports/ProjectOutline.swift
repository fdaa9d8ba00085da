package import BlueGreen

/// The services of an app as its files describe them while there is no `teal.yml` yet.
package struct ProjectOutline: Sendable {
    package let app: String
    /// In alphabetical order.
    package var services: [ServiceOutline]
    /// Why the images could not be looked at; nil where they were, or nobody wanted to.
    package var imageTrouble: String?
    /// Warnings that came while the files were read, such as a variable that is not set.
    package let warnings: [String]
    /// The volumes that are called after the project, by the files' own names, in order.
    package let volumes: [String]
    /// All that keeps the app from running in two colours with such settings, in alphabetical
    /// order of service.
    package let problems: @Sendable ([String: ServiceSettings]) -> [ServiceProblem]

    package init(
        app: String, services: [ServiceOutline], warnings: [String], volumes: [String],
        problems: @escaping @Sendable ([String: ServiceSettings]) -> [ServiceProblem]
    ) {
        self.app = app
        self.services = services
        self.warnings = warnings
        self.volumes = volumes
        self.problems = problems
    }
}

/// One service as the files describe it.
package struct ServiceOutline: Hashable, Sendable {
    /// A volume, a folder or a memory disk inside a container.
    package struct Mount: Hashable, Sendable {
        /// `volume`, `bind`, `tmpfs`.
        package let type: String
        package let source: String
        package let target: String
        package let isWritable: Bool

        package init(type: String, source: String, target: String, isWritable: Bool) {
            self.type = type
            self.source = source
            self.target = target
            self.isWritable = isWritable
        }
    }

    /// A port of the container that the host listens on too.
    package struct PublishedPort: Hashable, Sendable {
        /// Inside the container.
        package let target: Int
        /// On the host: a number or a range; empty where the engine chooses.
        package let published: String
        /// `tcp` or `udp`.
        package let transport: String
        /// Whether only the host itself reaches it there.
        package let isLoopback: Bool

        package init(
            target: Int, published: String, transport: String, isLoopback: Bool = false
        ) {
            self.target = target
            self.published = published
            self.transport = transport
            self.isLoopback = isLoopback
        }
    }

    package let name: String
    /// The build of its image as text that is equal for equal builds; nil for an image built
    /// elsewhere.
    package var build: String?
    package var image: String?
    /// The part of the image's name that tells its kind: `postgres` of
    /// `registry.example/library/postgres:17`.
    package var imageBaseName: String?
    /// The services that it waits for.
    package var dependencies: Set<String> = []
    package var hasHealthCheck = false
    /// Volumes that each container has for itself are not among them.
    package var mounts: [Mount] = []
    /// Where its files mount such a volume.
    package var unnamedPlaces: [String] = []
    package var publishedPorts: [PublishedPort] = []
    /// The TCP ports that it says it listens on.
    package var exposedPorts: [Int] = []
    /// Its entrypoint and command as far as its files say, in words.
    package var command: [String] = []
    /// The command of its health check, in words.
    package var healthCommand: [String] = []
    package var labels: [String: String] = [:]
    package var environment: [String: String] = [:]
    /// The services whose end it waits for.
    package var awaitedEnds: Set<String> = []
    /// Whether its files say that it stays ended, once it has ended.
    package var staysEnded = false
    /// The act that follows its end, in the files' words, `on-failure:3`; nil where they say nothing.
    package var restart: String?
    /// Folders of the host with the project's own files, which take the place of the image's.
    package var sourceMounts: [Mount] = []
    /// Whether it listens on the host's own ports, without a network of its own.
    package var usesHostNetwork = false
    /// The services from whose container it takes something, such as the network.
    package var lenders: Set<String> = []
    /// Whether its network is that of another container.
    package var borrowsNetwork = false
    /// Whether its image is on the host and was looked at.
    package var hasKnownImage = false
    /// The places where its image keeps data, as far as the image was looked at.
    package var imageVolumes: [String] = []
    /// Of those the ones where nothing is mounted, so that each container begins empty.
    package var emptyVolumes: [String] = []

    package init(name: String) {
        self.name = name
    }
}

/// One thing about a service that cannot run in two colours, with its remedy.
package struct ServiceProblem: Hashable, Sendable, CustomStringConvertible {
    package let service: String
    /// Whole sentences that begin with the service's name.
    package let message: String
    /// The lines of `teal.yml` that the message tells, each a way on; none where only another file
    /// can be changed.
    package let remedies: [Remedy]
    /// The services whose roles are its cause as much as that of its own.
    package let others: Set<String>

    package init(_ service: String, _ message: String, others: Set<String> = []) {
        self.service = service
        self.message = message
        self.others = others
        remedies = []
    }

    /// - Parameters:
    ///   - cause: whole sentences.
    ///   - remedies: not empty.
    ///   - otherwise: a way without `teal.yml`, as the end of a sentence.
    package init(
        _ service: String, _ cause: String, _ remedies: [Remedy], otherwise: String? = nil,
        others: Set<String> = []
    ) {
        self.service = service
        self.others = others
        self.remedies = remedies
        message =
            "\(cause) Add to teal.yml under services: "
            + remedies.map(\.text).joined(separator: ", or ")
            + (otherwise.map { "; or \($0)." } ?? ".")
    }

    package var description: String { message }
}
