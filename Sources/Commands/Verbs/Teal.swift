package import ArgumentParser
import Dispatch
import Glibc
import HostSystem

/// The command line.
package struct Teal: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "teal",
        abstract: "Blue/green deployments of a compose project on one host, switched by nginx.",
        discussion: """
            A new release starts beside the running one and is proved healthy. nginx then gives \
            it the traffic without losing a request. Teal retires the old release, or gives it \
            the traffic back.

            The first time, in the folder of your compose file:
              1. teal init         writes teal.yml, and says which nginx lines to add
              2. teal check        says what is missing
              3. teal deploy       then again for every new release
              4. teal rollback     when it was a mistake

            Exit codes: 0 done, 1 unexpected error, 3 aborted before the switch (traffic \
            stayed), 4 rolled back after the switch, 5 the active colour is unhealthy, 6 the \
            state of traffic is unknown, 64 usage, 75 another run holds the app, 78 bad \
            configuration.
            """,
        version: Version.text,
        // Each names itself in its configuration. Otherwise the library has Swift's runtime find the
        // name of each type at every start: 8 % of the samples in a profile of `teal status`.
        subcommands: [
            Init.self, Check.self, Plan.self, Deploy.self, Promote.self, Abort.self,
            Rollback.self, Status.self, History.self, Probe.self, Watch.self, Restart.self,
            Resume.self, Maintenance.self, Clean.self, Down.self, Compose.self, Nodes.self,
            Edge.self,
        ])

    package init() {}

    /// Not asynchronous itself: the first task has the runtime open a descriptor of its own, which
    /// gets the number of standard output where that is closed.
    package static func run() -> Never {
        if let reason = ProcessStart.prepare() {
            OutputChannel.standardError.write(reason + "\n")
            Glibc.exit(ExitStatus.unexpectedError.rawValue)
        }
        Task { @MainActor in
            await main()
            Glibc.exit(ExitStatus.done.rawValue)
        }
        dispatchMain()
    }
}
