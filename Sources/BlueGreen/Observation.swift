/// One look at a colour that has traffic, or a part of it, and may lose it again.
package struct Observation: Hashable, Sendable {
    /// Of the stage so far; nil where nginx's figures could not be read.
    package var candidate: RequestFigures?
    /// Of the previous colour: side by side in a canary, of the minutes before in a bake.
    package var previous: RequestFigures?
    /// A container of the candidate that ended, was started again, or does not answer its probes.
    package var trouble: Failure?
    /// The candidate's last log lines, where something is wrong.
    package var logLines: [String]
    /// What could not be looked at.
    package var warnings: [String]

    package init(
        candidate: RequestFigures? = nil, previous: RequestFigures? = nil,
        trouble: Failure? = nil, logLines: [String] = [], warnings: [String] = []
    ) {
        self.candidate = candidate
        self.previous = previous
        self.trouble = trouble
        self.logLines = logLines
        self.warnings = warnings
    }
}
