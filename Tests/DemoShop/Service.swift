import NIOCore
import NIOPosix

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The life of the process: start, listen, wait for SIGTERM, drain, exit.
///
/// The main thread waits for signals, one event loop thread does all else.
struct Service {
    private let settings: Settings
    private let journal: Journal

    init(settings: Settings) {
        self.settings = settings
        journal = Journal(role: settings.role.name, version: settings.version)
    }

    func run() throws {
        // Blocked before any thread exists, so that none inherits them open. A blocked signal is
        // kept even for PID 1, for which the kernel drops signals that have no handler.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)

        journal.note("starting as process \(getpid()) on \(hostName)")
        let listener = try listen()
        waitForSignal(in: &signals)
        let cut = try listener.drain(within: settings.grace).wait()
        journal.note(cut == 0 ? "all requests answered, exiting" : "exiting, \(cut) cut off")
        exit(0)
    }

    private func listen() throws -> Listener {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).any()
        let (settings, journal, hostName) = (settings, journal, hostName)
        let listener = try loop.submit {
            let shop = Shop(settings: settings, journal: journal, hostName: hostName, loop: loop)
            return Listener(shop: NIOLoopBound(shop, eventLoop: loop), loop: loop)
        }.wait()
        loop.scheduleTask(in: settings.startDelay) {
            if let code = settings.exitCode { return Self.leave(code, journal) }
            if settings.role == .initialise { return Self.leave(0, journal) }
            listener.warmUp()
        }
        return listener
    }

    /// The one-shot work of an init service, and the end of a service that cannot start.
    private static func leave(_ code: Int32, _ journal: Journal) {
        journal.note("preparing the shop, step 1 of 2")
        journal.note("preparing the shop, step 2 of 2")
        if code != 0 { journal.note("cannot go on: SHOP_EXIT_CODE asks for a failure") }
        journal.note("exiting with \(code)")
        exit(code)
    }

    private func waitForSignal(in signals: inout sigset_t) {
        while true {
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { continue }
            let name = number == SIGTERM ? "SIGTERM" : "SIGINT"
            guard settings.ignoresTermination else { return journal.note("\(name), draining") }
            journal.note("\(name) ignored")
        }
    }

    private var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
