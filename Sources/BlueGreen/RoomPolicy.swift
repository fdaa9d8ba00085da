/// What is done when a set does not fit beside the one that has traffic.
package enum RoomPolicy: String, Codable, CaseIterable, Sendable {
    /// Nothing is started.
    case refuse
    /// It is said, and tried all the same.
    case warn
    /// The previous set is stopped first, while nginx answers 503.
    case stopFirst = "stop-first"
}
