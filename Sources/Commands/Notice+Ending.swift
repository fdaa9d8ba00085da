import BlueGreen
import HostSystem
import Notices

extension Notice {
    /// How a deployment ended, with the command to run next, which works in any folder.
    ///
    /// - Parameter known: the releases that one can go back to; nil where nobody looked.
    /// - Returns: nil while it is unfinished.
    init?(
        ending deployment: Deployment, of app: String,
        on host: String = ProcessInformation.hostName,
        known: Set<ReleaseID>? = nil
    ) {
        guard let outcome = deployment.outcome else { return nil }
        self.init(of: deployment, app: app, host: host)
        let isReturnable = deployment.previous.map { known?.contains($0.release) ?? true } ?? false
        next =
            switch outcome {
            case .promoted where isReturnable: "teal rollback --app \(app)"
            case .promoted, .aborted, .rolledBack, .unknown: "teal status --app \(app)"
            }
    }
}
