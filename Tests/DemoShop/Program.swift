#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The demo shop: every service of the demo's container set is this one program.
///
/// What it does is chosen by environment variables and by request; `shop --help` prints both
/// tables (see `Usage`). It is a test double with manners: it can be slow, broken or stubborn on
/// demand, and ends requests in flight on SIGTERM unless told not to.
package enum Program {
    /// Does what the arguments say, and returns only where that is to print something.
    package static func run() {
        let words = CommandLine.arguments.dropFirst()
        do {
            switch words.first {
            case nil:
                try Service(settings: Settings(environment: .process)).run()
            case "health":
                exit(try HealthCommand(url: words.dropFirst().first).run())
            case "--help", "-h", "help":
                Journal.write(Usage.text)
            case let word?:
                Journal.write("shop: unknown word \"\(word)\". Next: `shop --help`.", to: .errors)
                exit(64)
            }
        } catch {
            Journal.write("shop: \(error)", to: .errors)
            exit(error is Settings.Mistake ? 64 : 1)
        }
    }
}
