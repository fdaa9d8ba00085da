/// The time that the parts of a deployment took, for people and figures.
extension Deployment {
    /// The parts in the order in which each was met first, with the sum of their times. The last
    /// one of a deployment under way lasts until now.
    package func phaseTimes(until now: Timestamp) -> [(name: String, time: Duration)] {
        // The last entry of one that has ended is its outcome, which takes no time.
        let parts = outcome == nil ? phases[...] : phases.dropLast()
        let ends = phases.dropFirst().map(\.at) + [finishedAt ?? now]
        return zip(parts, ends).reduce(into: []) { times, part in
            let time = max(.zero, part.1 - part.0.at)
            if let index = times.firstIndex(where: { $0.name == part.0.name }) {
                times[index].time += time
            } else {
                times.append((part.0.name, time))
            }
        }
    }

    /// From its start to its end, or to now, without the time in which a person had the word.
    package func timeAtWork(until now: Timestamp) -> Duration {
        let waited = phaseTimes(until: now).filter { $0.name == Self.waitingWord }
            .reduce(Duration.zero) { $0 + $1.time }
        return max(.zero, (finishedAt ?? now) - startedAt - waited)
    }

    /// The word of the part in which a person has the word.
    package static let waitingWord = "waiting"
}
