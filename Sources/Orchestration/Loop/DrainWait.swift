import BlueGreen

/// The wait for the requests that are under way to a colour that has no traffic any more.
struct DrainWait: Sendable {
    private let ports: Ports
    private let deployment: Deployment
    private let colour: Colour

    init(_ ports: Ports, _ deployment: Deployment, _ colour: Colour) {
        self.ports = ports
        self.deployment = deployment
        self.colour = colour
    }

    /// Ends as soon as nothing is under way, and at the latest at this time. What cannot be counted
    /// may be under way.
    ///
    /// - Parameter fate: of the colour, which the warning tells if something is left.
    func wait(until: Timestamp, then fate: PreviousColour) async throws -> StepResult {
        let began = ports.clock.now
        var count = try await count()
        while !count.isNone, ports.clock.now < until {
            if case .counted(let remaining) = count {
                ports.reporter.report(.draining(colour, remaining))
            }
            try await ports.clock.sleep(until: min(until, ports.clock.now + .milliseconds(100)))
            // New requests find nobody while the link is lost. The present run is the first to see.
            _ = try await LinkMending(ports).putBack(during: deployment)
            count = try await self.count()
        }
        switch count {
        case .counted(let remaining):
            guard remaining.connections > 0 else { return .done }
            let subject = remaining.subject(to: colour, after: until - began)
            return .doneWithWarning(subject + " still open when the drain ended; " + fate.closing)
        case .untold(let reason):
            return .doneWithWarning(
                "Whether requests to \(colour) were still under way when the drain ended is not "
                    + "known: \(reason)")
        }
    }

    private enum Count {
        case counted(RemainingTraffic)
        case untold(String)

        var isNone: Bool {
            switch self {
            case .counted(let remaining): remaining.isNone
            case .untold: false
            }
        }
    }

    private func count() async throws -> Count {
        do {
            return .counted(try await ports.router.remainingTraffic(to: colour))
        } catch let error where !(error is CancellationError) {
            return .untold("\(error)")
        }
    }
}

extension PreviousColour {
    fileprivate var closing: String {
        switch self {
        case .running: "they live on while it is kept running."
        case .stopped, .removed: "they are closed now."
        }
    }
}

extension RemainingTraffic {
    /// A drain that is shorter cannot tell idle connections of nginx from those in use.
    private static let longestIdle = Duration.seconds(2)

    /// `2 connections (websockets or streams) to green were`
    fileprivate func subject(to colour: Colour, after drain: Duration) -> String {
        let isOne = connections == 1
        let kind =
            if drain <= Self.longestIdle {
                isOne ? "idle or in use" : "idle ones of nginx among them"
            } else {
                isOne ? "a websocket or a stream" : "websockets or streams"
            }
        return "\(connections) connection\(isOne ? "" : "s") (\(kind)) to \(colour) "
            + (isOne ? "was" : "were")
    }
}
