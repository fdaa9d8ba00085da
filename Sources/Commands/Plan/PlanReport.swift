import BlueGreen
import DockerCompose
import Nginx

/// The plan of a deploy, with the facts behind it. Pure.
struct PlanReport: Sendable {
    let app: AppContext
    let request: Deployment.Request
    /// The label of the release that has traffic.
    let activeLabel: String?
    let set: SetForecast
    let room: RoomReport
    /// Containers of older releases that make place for the candidate's.
    let removed: [String]
    /// nil where the addresses are not known before the first deploy.
    let files: [FileChange]?
    /// Sentences that do not keep a user from deploying.
    let notices: [String]
    let steps: PlannedSteps

    /// Why a deploy would end before it starts anything.
    var refusals: [String] {
        let missing = set.images.filter { $0.supply == .missing }.map {
            "The image \($0.image) of \($0.service) is not on this host, and pulling is switched "
                + "off."
        }
        return missing + [steps.refusal].compactMap(\.self)
    }

    var status: ExitStatus { refusals.isEmpty ? .done : .unexpectedError }

    func image(of service: PlannedService) -> ImageForecast? {
        set.images.first { $0.service == service.name }
    }

    func diff(_ change: FileChange) -> String {
        UnifiedDiff(path: change.path, before: change.before, after: change.after).text
    }
}
