import FoundationEssentials
import NIOCore

/// A point in time on both clocks: the monotonic one to compare with other programs on this
/// host, the wall's to compare with log files.
struct Moment: Codable, Comparable, Sendable {
    let epochMilliseconds: Int
    let monotonicNanoseconds: UInt64

    /// The wall clock is read once per process, so that moments keep their order when it is set.
    private static let offset: Int = {
        let wall = Int(Date().timeIntervalSince1970 * 1_000_000_000)
        return wall - Int(NIODeadline.now().uptimeNanoseconds)
    }()

    init(_ deadline: NIODeadline) {
        monotonicNanoseconds = deadline.uptimeNanoseconds
        epochMilliseconds = (Int(monotonicNanoseconds) + Self.offset) / 1_000_000
    }

    static func < (one: Moment, other: Moment) -> Bool {
        one.monotonicNanoseconds < other.monotonicNanoseconds
    }
}
