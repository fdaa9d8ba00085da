/// One thing in the compose file that cannot run in two colours, with its remedy.
package struct ComposeProblem: Hashable, Sendable, CustomStringConvertible {
    package let service: String
    /// Whole sentences that begin with the service's name.
    package let message: String

    package init(_ service: String, _ message: String) {
        self.service = service
        self.message = message
    }

    package var description: String { message }
}
