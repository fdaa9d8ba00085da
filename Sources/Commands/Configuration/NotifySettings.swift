package import Notices

/// Who is told how deployments end, as `notify` in `teal.yml` says it.
package struct NotifySettings: Hashable, Sendable {
    package var targets: [NoticeTarget] = []
    /// The paths of webhooks whose address came out empty, `notify[0].webhook`.
    package var leftOut: [String] = []

    package init() {}
}
