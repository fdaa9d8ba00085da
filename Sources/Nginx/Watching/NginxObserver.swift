package import BlueGreen
import HostSystem
import Orchestration

/// Has nginx write down the requests of a watched app, and counts them.
///
/// nginx looks for two things on each request: that the link names a watched state, and that the
/// present slot of time has its marker. So a watch begins and ends without a reload, and a run
/// that dies leaves one that ends at its moment.
package actor NginxObserver: TallyingObserver {
    private let folder: AppFolder
    private let watch: WatchFolder
    private let clock: any WallClock
    private let router: NginxRouter?
    private let files = FileSystem()
    private var log: RequestLog

    package init(of router: NginxRouter) {
        self.init(router.settings, clock: router.nginx.clock, of: router)
    }

    /// - Parameter size: the log is emptied once so much of it has been read.
    init(
        _ settings: NginxSettings, clock: any WallClock,
        emptyAt size: ByteCount = RequestLog.usualSize, of router: NginxRouter? = nil
    ) {
        folder = AppFolder(settings)
        watch = folder.paths.watch
        log = RequestLog(watch, emptyAt: size)
        self.clock = clock
        self.router = router
    }

    /// While nobody has traffic there is nothing to watch.
    ///
    /// - Throws: `NginxError.notObserved` where nginx's files do not let it write,
    ///   `.logMissing` where it writes to a file that is not there any more.
    @discardableResult
    package func begin(until: Timestamp) async throws -> [String] {
        let now = clock.now
        try log.begin(at: now)
        guard try folder.state().colour != nil else { return [] }
        try folder.beginWatch()
        guard files.exists(watch.log) else { throw NginxError.logMissing(watch.log) }
        try watch.mark(from: now, until: min(until, now + Self.longest))
        // The watch is there all the same where that cannot be read.
        return (try? await router?.blindSpots()) ?? []
    }

    /// A run that dies leaves a log that grows for as long: at 1,000 requests/s by 40 MB in a
    /// quarter of an hour.
    private static let longest = Duration.seconds(2 * 3600)

    package func tallies() async throws -> [Colour: RequestTally] {
        try log.read()
        return log.counted
    }

    /// A canary goes on, unwatched. What nginx still holds back of the log comes within a second,
    /// and goes at the next beginning.
    package func end() async throws {
        try folder.endWatch()
        try watch.unmark()
        try log.begin(at: clock.now)
    }
}
