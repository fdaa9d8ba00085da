import BlueGreen

/// The result of `history` with `--json`.
struct HistoryDocument: Codable, Hashable {
    let formatVersion: Int
    let app: String
    /// Newest first.
    let deployments: [DeploymentDocument]

    init(app: String, _ deployments: [Deployment]) {
        formatVersion = 1
        self.app = app
        self.deployments = deployments.map(DeploymentDocument.init)
    }
}
