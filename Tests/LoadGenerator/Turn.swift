import NIOCore

/// The leave to send one request.
struct Turn {
    let due: NIODeadline
    /// Whose turn it is, from 1 on; nil where all requests are alike.
    let client: Int?
}
