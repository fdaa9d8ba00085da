package import BlueGreen

/// The symlink's word about an app's traffic. A lost link is never the same as a link that says
/// that nobody has traffic.
package enum LinkReading: Hashable, Sendable {
    /// It leads to a state of Teal's, and nginx finds the markers of that state.
    case leads(Traffic)
    /// nginx has none of the app's files, as before the first deployment.
    case unwritten(LostLink)
    case lost(LostLink)
}

/// A symlink that does not tell who has traffic.
package struct LostLink: Hashable, Sendable, CustomStringConvertible {
    package enum Finding: Hashable, Sendable {
        case missing
        /// It leads to something that is no state of Teal's.
        case foreign(target: String)
        /// A folder has its place, with nothing but markers of Teal's in it.
        case folder
        /// A file, or a folder of somebody's, has its place.
        case taken
        /// nginx goes by markers of its state, and the first of these is gone.
        case unmarked(marker: String)
        /// The folder of the app has none of Teal's files.
        case unwritten
    }

    /// `/etc/nginx/teal/shop/live`
    package let path: String
    package let finding: Finding
    /// Whether nginx's files send nobody's requests anywhere, whatever the link says.
    package let isWithoutSay: Bool

    /// The colour that a link names beside which all of the app's files are gone.
    package let says: Colour?

    package init(
        path: String, _ finding: Finding, isWithoutSay: Bool = false, says: Colour? = nil
    ) {
        self.path = path
        self.finding = finding
        self.isWithoutSay = isWithoutSay
        self.says = says
    }

    package var description: String {
        switch finding {
        case .missing: "The link \(path) is gone, by which nginx knows who has traffic."
        case .foreign(let target):
            "The link \(path) leads to \"\(target)\", which is not a state of Teal's."
        case .folder: "\(path) is a folder, and should be a link."
        case .taken: "\(path) is not a link, and what has its place is not Teal's."
        case .unmarked(let marker):
            "The marker \(marker) is gone, by which nginx knows who has traffic."
        case .unwritten:
            "The app's files are gone from nginx's folder, by which nginx knows who has traffic: "
                + "there are none beside \(path)."
        }
    }

    /// The line by which a person gives the traffic to a colour.
    package func line(to colour: Colour) -> String {
        let link = "ln -sfn \(colour) \(path)"
        switch finding {
        case .folder, .taken: return "`mv \(path) \(path).aside && \(link)`"
        case .unwritten: return "`mkdir -p $(dirname \(path)) && \(link)`"
        case .missing, .foreign, .unmarked: return "`\(link)`"
        }
    }
}

/// A part of nginx's folder, beside the link, by which nginx cannot go any more.
package struct FolderLoss: Hashable, Sendable, CustomStringConvertible {
    package enum Remedy: Hashable, Sendable {
        /// The next command that writes puts it right.
        case nextCommand
        /// Something that is not Teal's has its place; the description has the line to run.
        case person
    }

    package let description: String
    package let remedy: Remedy

    package init(_ description: String, _ remedy: Remedy = .nextCommand) {
        self.description = description
        self.remedy = remedy
    }
}

extension TrafficRouter {
    /// The link's traffic, for all that must not act without it.
    ///
    /// - Throws: `OrchestrationError.lostLink` where nobody can tell.
    package func traffic() async throws -> Traffic {
        switch try await readLink() {
        case .leads(let traffic): return traffic
        case .unwritten(let lost): return Traffic(lost.says)
        case .lost(let lost): throw OrchestrationError.lostLink(lost)
        }
    }

    /// The colour that the symlink names; in a canary the one that had all of the traffic.
    package func liveColour() async throws -> Colour? {
        try await traffic().colour
    }
}
