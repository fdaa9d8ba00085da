/// What became of one notice at one target.
package struct NoticeOutcome: Hashable, Sendable {
    /// `NoticeTarget.name`, which holds no secret.
    package let target: String
    package let event: NoticeEvent
    /// How often it was tried, from 1.
    package let attempts: Int
    /// The last attempt's; nil where it was delivered.
    package let failure: DeliveryFailure?

    /// A sentence for the caller's warnings, with cause and next move; nil where it was delivered.
    package var warning: String? {
        guard let failure else { return nil }
        let tries = attempts == 1 ? "" : " (tried \(attempts) times)"
        return "The notice `\(event.rawValue)` did not get through to \(target)\(tries): "
            + "\(failure.reason). Next: \(failure.remedy)."
    }
}
