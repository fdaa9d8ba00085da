package import BlueGreen

/// Tells the people who want to know what became of a deployment.
package protocol Announcer: Sendable {
    /// Tells of a deployment that has ended, or that waits for a person; silent of any other. It
    /// may take its time and never fails: a person who was not reached is a warning.
    ///
    /// - Parameter known: the releases that one can go back to; nil where that is not known.
    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async
}
