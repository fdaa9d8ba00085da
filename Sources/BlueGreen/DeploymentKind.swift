/// Where in the loop a deployment enters, and what its candidate is made of.
package enum DeploymentKind: String, Codable, Sendable {
    /// A new release.
    case deploy
    /// Back to a release whose containers still run: traffic moves at once.
    case warmRollback
    /// Back to a release that is started again first.
    case coldRollback
}
