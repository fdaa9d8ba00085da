package import BlueGreen

/// Tells whether an engine could carry out a deploy, and changes nothing.
package protocol EngineReadiness: Sendable {
    /// The programs that the engine is made of, in the order in which a person would look.
    func parts() async -> [EnginePart]

    /// The disk that the engine keeps images on; nil where it is not this host's.
    func disk() async throws -> EngineDisk?

    /// The networks that the engine can still make.
    func networkRoom() async throws -> NetworkRoom
}

/// One program of an engine, as it was found.
package struct EnginePart: Hashable, Sendable {
    /// The part that a program plays.
    package enum Purpose: Hashable, Sendable {
        /// Runs containers.
        case running
        /// Reads the files that describe the app.
        case reading
    }

    /// Whether the program can do its part.
    package enum Finding: Hashable, Sendable {
        /// Its name or address, with its version.
        case works(String)
        /// Why it does not, with the remedy.
        case fails(String)
    }

    /// `docker`, `compose`: what a script may look for.
    package let name: String
    package let purpose: Purpose
    package let finding: Finding

    package init(name: String, purpose: Purpose, finding: Finding) {
        self.name = name
        self.purpose = purpose
        self.finding = finding
    }

    package var works: Bool {
        switch finding {
        case .works: true
        case .fails: false
        }
    }
}

/// The disk that an engine keeps images on.
package struct EngineDisk: Hashable, Sendable {
    package let folder: String
    package let free: ByteCount
    /// The command that shows what takes the room, `docker system df`.
    package let command: String

    package init(folder: String, free: ByteCount, command: String) {
        self.folder = folder
        self.free = free
        self.command = command
    }
}

/// The networks that an engine can make of its ranges of addresses.
package struct NetworkRoom: Hashable, Sendable {
    package let free: Int
    package let total: Int
    /// So many the app does not have yet.
    package let needed: Int
    /// The names of networks that no container is in, stopped or not, and that no app of Teal's
    /// has.
    package let unused: [String]

    package init(free: Int, total: Int, needed: Int, unused: [String] = []) {
        self.free = free
        self.total = total
        self.needed = needed
        self.unused = unused
    }

    /// How Docker gets room for more. A prune would take the networks of stopped containers too,
    /// which could not start any more.
    package var remedy: String {
        let names = unused.prefix(5).joined(separator: " ")
        let removal =
            unused.isEmpty
            ? ""
            : "No container, running or stopped, is in \(unused.prefix(5).joined(separator: ", "))"
                + (unused.count > 5 ? " and \(unused.count - 5) others" : "")
                + ": if nobody needs them, `docker network rm \(names)` makes room. "
        return removal + "`default-address-pools` in /etc/docker/daemon.json gives Docker more, "
            + "after a restart of it."
    }

    package var suffices: Bool { needed <= free }
}
