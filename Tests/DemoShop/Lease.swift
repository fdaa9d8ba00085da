import NIOCore

/// The right of one consumer's process to take messages. A process that starts again gets
/// another, so that a container that was stopped and comes back is not taken for two at a time.
struct Lease: Equatable {
    let number: Int
    let who: String
    /// The messages that it took, by their numbers.
    var messages: ClosedRange<Int>?
    /// The events that show it alive, by their numbers: its begin, its takes, its end.
    var alive: ClosedRange<Int>
    var heard: NIODeadline
    var hasEnded = false
}
