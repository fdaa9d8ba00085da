import BlueGreen

/// Where the link `live` can lead: a folder whose name says who gets which requests, and in which
/// nginx finds a marker for each part of it.
///
/// `green`, `green-watched`, `blue-canary-12.5`, `none`, and each of them with `-maintenance`. In a
/// canary the name is that of the colour which had all requests; the other one has the share.
struct LinkState: Hashable, Sendable {
    enum Stage: Hashable, Sendable {
        /// One colour has all requests, and nobody looks on.
        case plain
        case watched
        /// Always watched.
        case canary(CanaryStep)
    }

    /// Has all requests but for the canary's share.
    let colour: Colour?
    /// Plain where no colour has traffic.
    let stage: Stage
    let isInMaintenance: Bool

    init(_ colour: Colour?, _ stage: Stage = .plain, isInMaintenance: Bool = false) {
        self.colour = colour
        self.stage = colour == nil ? .plain : stage
        self.isInMaintenance = isInMaintenance
    }

    func with(_ stage: Stage) -> LinkState {
        LinkState(colour, stage, isInMaintenance: isInMaintenance)
    }

    init?(name: String) {
        var rest = Substring(name)
        isInMaintenance = rest.hasSuffix(Self.maintenanceSuffix)
        if isInMaintenance { rest.removeLast(Self.maintenanceSuffix.count) }
        if rest == Self.nobody {
            colour = nil
            stage = .plain
            return
        }
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
        guard let colour = Colour(rawValue: String(parts[0])),
            let stage = Self.stage(parts.dropFirst())
        else { return nil }
        self.colour = colour
        self.stage = stage
    }

    private static func stage(_ words: ArraySlice<Substring>) -> Stage? {
        switch (words.count, words.first) {
        case (0, _): .plain
        case (1, watchedMarker[...]): .watched
        case (2, canaryWord[...]): CanaryStep(name: words[words.endIndex - 1]).map(Stage.canary)
        case (_, _): nil
        }
    }

    private static let nobody = "none"
    private static let canaryWord = "canary"
    private static let maintenanceSuffix = "-maintenance"

    /// Beside the markers of every state that is more than a colour.
    static let specialMarker = "special"
    static let watchedMarker = "watched"
    static let maintenanceMarker = "maintenance"

    static func marker(of step: CanaryStep) -> String { "\(canaryWord)-\(step.name)" }

    var name: String {
        let base = colour?.rawValue ?? Self.nobody
        let middle =
            switch stage {
            case .plain: ""
            case .watched: "-" + Self.watchedMarker
            case .canary(let step): "-" + Self.marker(of: step)
            }
        return base + middle + (isInMaintenance ? Self.maintenanceSuffix : "")
    }

    /// Within the app's folder.
    func path(of file: String) -> String { "\(name)/\(file)" }

    /// The files that nginx finds in the folder.
    var markers: [String] {
        let flags = flags
        return [colour?.rawValue ?? Self.nobody] + flags
            + (flags.isEmpty ? [] : [Self.specialMarker])
    }

    /// The special properties of the state, in the order in which `server.conf` looks for them;
    /// empty at rest.
    var flags: [String] {
        let ofStage: [String] =
            switch stage {
            case .plain: []
            case .watched: [Self.watchedMarker]
            case .canary(let step): [Self.marker(of: step), Self.watchedMarker]
            }
        return ofStage + (isInMaintenance ? [Self.maintenanceMarker] : [])
    }

    var traffic: Traffic {
        Traffic(
            colour, canary: steps.first?.share, isWatched: stage != .plain,
            isInMaintenance: isInMaintenance)
    }

    /// That of a canary; none otherwise.
    var steps: [CanaryStep] {
        switch stage {
        case .plain, .watched: []
        case .canary(let step): [step]
        }
    }

    /// All that the link can lead to.
    static func all(steps: [CanaryStep], isObserved: Bool) -> [LinkState] {
        let stages: [Stage] =
            [.plain] + (isObserved ? [.watched] : []) + steps.map { .canary($0) }
        let states =
            [LinkState(nil)]
            + Colour.allCases.flatMap { colour in stages.map { LinkState(colour, $0) } }
        return states.flatMap {
            [$0, LinkState($0.colour, $0.stage, isInMaintenance: true)]
        }
    }
}
