/// What was seen in one stage of a deployment, at its last look.
package struct ObservedStage: Hashable, Codable, Sendable {
    package let stage: ObservationStage
    package let candidate: RequestFigures?
    /// What the candidate's figures were compared with.
    package let previous: RequestFigures?

    package init(
        stage: ObservationStage, candidate: RequestFigures?, previous: RequestFigures?
    ) {
        self.stage = stage
        self.candidate = candidate
        self.previous = previous
    }
}
