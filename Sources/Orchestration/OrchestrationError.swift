package import BlueGreen

/// An act that the orchestration itself refuses.
package enum OrchestrationError: Error, Hashable, Sendable, CustomStringConvertible {
    case hasTraffic(Colour)
    /// What has to be put right first; not empty.
    case obstacles([Obstacle])
    /// A singleton runs in the other colour still.
    case singletonElsewhere(service: String, Colour)
    /// Traffic stays where it is, since no container runs in the colour that it came from.
    case nothingToGoBackTo(Colour)
    case nothingDeployed
    case noPrevious
    case unknownRelease(String, known: [String])
    case alreadyActive(ReleaseID)
    case activeUnknown(Colour)
    /// The release has traffic, and no record of its services is left.
    case servicesUnknown(Placement)
    /// Containers are there, and no deployment that could have made them is known.
    case noHistory
    /// The symlink does not tell who has traffic, and a step needs to know.
    case lostLink(LostLink)
    /// nginx cannot go by parts of its folder, and a step needs them; not empty.
    case folderLost([FolderLoss])
    /// Link, containers and history contradict each other; not empty.
    case disagreeing([Disagreement])
    /// nginx could not be shown to route to the colour of the link; why, in whole sentences.
    case notFollowed(Colour, reason: String)
    /// Nothing else tells it either; why, without a full stop.
    case untoldLink(LostLink, reason: String)
    /// The colour had traffic, and nginx could not be made to follow.
    case linkNotPutBack(LostLink, Colour, reason: String)
    /// The link leads to the first colour, where nothing serves, and nginx could not be made to
    /// follow it back to the second one.
    case moveNotPutBack(Colour, Colour, reason: String)

    package var description: String {
        switch self {
        case .hasTraffic(let colour):
            "The colour \(colour) has traffic and is not touched. Run `teal status` to see why "
                + "a step wanted it gone."
        case .obstacles(let obstacles):
            obstacles.map(\.description).joined(separator: "\n")
        case .singletonElsewhere(let service, let colour):
            "\(service) may run in one colour at a time and still runs in \(colour), so it was not "
                + "started. `teal resume` hands it over where that is owed; else stop it there with "
                + "`teal compose \(colour) stop \(service)`."
        case .nothingToGoBackTo(let colour):
            "Traffic was left where it is: nothing runs in \(colour) that it could go back to. "
                + "Run `teal status` to see what serves, and `teal rollback` to start an earlier "
                + "release."
        case .nothingDeployed:
            "No release has traffic yet. Run `teal deploy` first."
        case .noPrevious:
            "There is no earlier release to go back to: `teal history` shows only this one."
        case .unknownRelease(let wanted, let known):
            "No release is called \"\(wanted)\". Known are: "
                + (known.isEmpty ? "none" : known.joined(separator: ", ")) + "."
        case .alreadyActive(let release):
            "Release \(release) has traffic already."
        case .lostLink(let lost):
            "\(lost) Run `teal resume`, which puts it right."
        case .folderLost(let losses):
            losses.map(\.description).joined(separator: "\n")
                + " Run `teal resume` when that is put right."
        case .disagreeing(let found):
            found.map(\.description).joined(separator: "\n")
                + "\nRun `teal status`, which says what puts it right."
        case .notFollowed(let colour, let reason):
            "The link gives the traffic to \(colour), and nginx could not be shown to follow: "
                + "\(reason) Run `teal resume` when that is put right."
        case .untoldLink(let lost, let reason):
            "\(lost) Nobody can tell who had traffic: \(reason). Nothing was changed. Say who is to "
                + "have it, \(lost.line(to: .blue)) or \(lost.line(to: .green)), and then run "
                + "`teal resume`."
        case .linkNotPutBack(let lost, let colour, let reason):
            "\(lost) Traffic was on \(colour), and could not be put back there: \(reason) Run "
                + "`teal resume` when that is put right."
        case .moveNotPutBack(let colour, let before, let reason):
            "The link leads to \(colour), and traffic could not be put back on \(before), which "
                + "runs: \(reason) Run `teal resume` when that is put right."
        case .servicesUnknown(let active):
            "Traffic is on \(active.colour) with release \(active.release), whose record is gone: "
                + "which services it has is not known. Put a backup of the state folder in its "
                + "place, or run `teal deploy`, which begins a new history."
        case .noHistory: "\(Disagreement.noHistory)"
        case .activeUnknown(let colour):
            "Traffic is on \(colour), but neither a container nor the history tells which "
                + "release that is. Run `teal status`, and `teal deploy` to replace it."
        }
    }
}
