/// What a hook is told of the deployment that runs it.
package struct HookCircumstances: Hashable, Sendable {
    package let point: HookPoint
    package let candidate: Placement
    /// The release that had traffic when the deployment began.
    package let previous: ReleaseID?
    package let label: String?
    /// Where the colour without the traffic can be looked at; nil where it cannot.
    package var previewURL: String?
    /// Names this run of this hook, and is in the environment of all that belongs to it.
    package var mark = ""

    package static let markName = "TEAL_HOOK_RUN"

    package init(
        point: HookPoint, candidate: Placement, previous: ReleaseID?, label: String?
    ) {
        self.point = point
        self.candidate = candidate
        self.previous = previous
        self.label = label
    }

    /// The environment of the hook, beside what its place has already. A value that there is not
    /// is empty, so that a script under `set -u` can ask for it.
    package func variables(of app: String) -> [String: String] {
        [
            "TEAL_APP": app,
            "TEAL_COLOUR": candidate.colour.rawValue,
            "TEAL_RELEASE": candidate.release.text,
            "TEAL_PREVIOUS_RELEASE": previous?.text ?? "",
            "TEAL_LABEL": label ?? "",
            Self.markName: mark,
            "TEAL_PREVIEW_URL": previewURL ?? "",
        ]
    }
}
