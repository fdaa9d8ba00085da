/// What a story looks at of `teal history --json`.
package struct HistoryView: Decodable, Sendable {
    /// Newest first.
    package let deployments: [Deployment]

    package struct Deployment: Decodable, Sendable {
        package let kind: String
        package let outcome: String?
        package let observed: [Observed]?
        package let failure: Failure?
        package let phases: [Phase]
    }

    package struct Observed: Decodable, Sendable {
        package let stage: String
        package let candidate: Figures?
        package let previous: Figures?
    }

    package struct Figures: Decodable, Sendable {
        package let colour: String
        package let requests: Int
        package let errors: Int
        package let p95Milliseconds: Int
    }

    package struct Failure: Decodable, Sendable {
        package let message: String
        package let log: [String]
    }

    package struct Phase: Decodable, Sendable {
        package let name: String
    }
}
