/// The parts of a deployment that are still to come, for people.
extension Deployment {
    /// The words of the parts ahead, each once, in their order; none once it has ended.
    package var wordsAhead: [String] {
        guard let position else { return [] }
        let hasMadeRoom = facts.has(.madeRoom)
        return position.remaining.reduce(into: []) { words, stage in
            let ahead = Position(way: position.way, stage: stage, mark: .begun, remaining: [])
            let word = ahead.word(hasMadeRoom: hasMadeRoom)
            if !words.contains(word) { words.append(word) }
        }
    }
}
