/// The commit that this program was built from. `.ci/package` puts a file like this one, with
/// values, in its place; an ordinary build has none.
package enum BuildStamp {
    package static let commit: String? = nil
    /// The day of the commit, so that two builds of one commit say the same.
    package static let date: String? = nil
}
