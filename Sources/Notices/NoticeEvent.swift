/// What a notice can be about; the raw value is the word in `teal.yml` and in JSON, and stable.
package enum NoticeEvent: String, CaseIterable, Sendable {
    /// The candidate has traffic; also the end of a rollback that somebody asked for.
    case promoted
    /// Failed before the switch.
    case aborted
    /// Failed after the switch, and went back by itself.
    case rolledBack = "rolled_back"
    /// The candidate runs and waits for `teal promote`.
    case waiting
    case unhealthy
    case recovered
    /// Traffic could not be shown to be anywhere.
    case unknown
    case maintenanceOn = "maintenance_on"
    case maintenanceOff = "maintenance_off"
}
