import BlueGreen
import Orchestration

/// One service of a compose file, as `teal init` proposes it.
struct ProposedService: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// nginx sends requests to this port of it.
        case exposed(port: Int)
        case shared
        case singleton
        /// Each colour has its own, which needs no line in `teal.yml`.
        case `internal`
    }

    /// What only its owner can decide about its part.
    struct Question: Hashable, Sendable {
        /// Without a word about sharing it.
        private let claim: String
        /// The consequence of sharing it.
        private let sharing: String
        let choices: [Part]
        /// The one that the evidence is for; nil where it is for none.
        let likeliest: Part?
        /// Whether it tells that both colours write where each has its own, so that who chooses that
        /// has said that two writers are fine.
        let tellsOfWriters: Bool

        init(
            _ claim: String, sharing: String = "", choices: [Part], likeliest: Part?,
            tellsOfWriters: Bool = false
        ) {
            self.claim = claim
            self.sharing = sharing
            self.choices = choices
            self.likeliest = likeliest
            self.tellsOfWriters = tellsOfWriters
        }

        var text: String {
            choices.contains(.shared) && !sharing.isEmpty ? "\(claim) \(sharing)" : claim
        }

        /// With a further sentence on sharing it.
        func adding(toSharing sentence: String) -> Question {
            Question(
                claim, sharing: sharing.isEmpty ? sentence : "\(sharing) \(sentence)",
                choices: choices, likeliest: likeliest, tellsOfWriters: tellsOfWriters)
        }

        /// - Parameter support: a service of the colours that it depends on.
        func withoutSharing(since support: String, isTold: Bool) -> Question {
            Question(
                isTold
                    ? "\(claim) It depends on \(support), of which each colour has its own: it "
                        + "cannot be shared while it does." : claim,
                choices: choices.filter { $0 != .shared },
                likeliest: likeliest == .shared ? nil : likeliest,
                tellsOfWriters: tellsOfWriters)
        }
    }

    /// A writable volume or folder of a service that runs in both colours.
    struct Writing: Hashable, Sendable {
        /// `data at /var/lib/data`
        let text: String
        /// Why two writers are fine; nil where nothing says so.
        let reason: String?
    }

    /// Ports of the host that two colours cannot hold.
    struct Dropping: Hashable, Sendable {
        /// Inside the container, in the order of the compose file.
        let ports: [Int]
        /// Nobody is known to need them from outside, or its owner has said so.
        let isAccepted: Bool
    }

    let name: String
    var part: Part
    /// Why it is that.
    var reasons: [String] = []
    var question: Question?
    /// An undecided service whose part settles its question; nil where its owner is asked.
    var waitsFor: String?
    /// The port by which nginx could reach it as well; nil where it tells none.
    var otherPort: Int?
    /// The port to which a proxy's labels bring visitors, and no port of the host; nil for others.
    var routedPort: Int?
    /// What its owner should think of, though it needs no decision.
    var remark: String?
    /// nil where it can write to none.
    var data: Writing?
    /// Its owner vouches for two writers.
    var acceptsWriters = false
    /// Places where its image keeps data and nothing is mounted.
    var emptyVolumes: [String] = []
    /// Its owner lets them begin empty with each release.
    var acceptsEmpty = false
    var published: [ServiceOutline.PublishedPort] = []
    /// The TCP ones, the likeliest for visitors first.
    var judgedPorts: [JudgedPort] = []
    /// The others reach it by name, and nobody else has to.
    var isReachedInside = false
    /// Its owner does without its ports.
    var acceptsPorts = false
    var hasHealthCheck = false
    /// Its part in the release.
    var belonging = Remedy.Belonging.unknown
    /// Whether one of it could serve both colours.
    var sharing = Remedy.Sharing.possible
    /// The services of the colours without which it could be shared, by its own `depends_on`.
    var hindrances: [String] = []
    /// That it keeps data in volumes without a name if it is shared; nil where it has none.
    var unnamedData: String?
    /// Folders of the host that take the place of its image's files.
    var sourceMounts: [ServiceOutline.Mount] = []
    /// Its work is to pass requests on, TLS included.
    var endsTLS = false

    var role: ServiceRole {
        switch part {
        case .exposed: .exposed
        case .shared: .shared
        case .singleton: .singleton
        case .internal: .internal
        }
    }

    var port: Int? {
        switch part {
        case .exposed(let port): port
        case .shared, .singleton, .internal: nil
        }
    }
}
