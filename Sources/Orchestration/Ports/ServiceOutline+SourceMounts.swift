/// A warning that `teal init` and the checks of a release tell alike.
extension [ServiceOutline.Mount] {
    /// nil where there are none.
    ///
    /// - Parameter service: one of which each colour has its own.
    package func sourceWarning(of service: String) -> String? {
        guard !isEmpty else { return nil }
        let places = map { "\($0.source) at \($0.target)" }.joined(separator: ", ")
        return "\(service): both colours run the same files of the host, \(places); a deploy does "
            + "not bring others, and a rollback does not bring the old ones back. Put them into "
            + "the image, and leave the mount out."
    }
}
