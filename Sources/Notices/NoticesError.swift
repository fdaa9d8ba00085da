/// A mistake in a configured target. No text quotes the target: an address may be a secret as a
/// whole.
package enum NoticesError: Error, Hashable, Sendable, CustomStringConvertible {
    case noAddress
    case scheme
    case notEncrypted
    case emptyCommand

    package var description: String {
        switch self {
        case .noAddress:
            "The webhook's address is not a URL with a host name and without blanks. "
                + "Next: copy it again, whole, from the service that gave it."
        case .scheme:
            "The webhook's address begins with neither https:// nor http://. "
                + "Next: copy it again, whole, from the service that gave it."
        case .notEncrypted:
            "The webhook's address begins with http://, and its host is neither this one nor an "
                + "address of a private network: all on the way could read it. "
                + "Next: give its https:// address."
        case .emptyCommand:
            "The notice's command is empty. Next: name a program as its first word."
        }
    }
}
