import NIOCore

/// One request on its way.
struct Attempt {
    /// When it should have been sent; differs from `sent` only where a rate is asked for.
    let due: NIODeadline
    var sent: NIODeadline
    /// Whose turn it is; nil where all requests are alike.
    let client: Int?
    /// Whether its connection had served an earlier request.
    var isOnReusedConnection = false
    var sawBytes = false
    var isSecond = false

    enum Verdict: Equatable {
        case sendOnceMore
        case lost
    }

    /// The meaning of the end of its connection.
    func verdictOnClose(isRepeatable: Bool, client: Client) -> Verdict {
        switch client {
        case .blind: .lost
        case .careful:
            isRepeatable && isOnReusedConnection && !sawBytes && !isSecond ? .sendOnceMore : .lost
        }
    }
}

/// The leave to send one request.
struct Turn {
    let due: NIODeadline
    /// Whose turn it is, from 1 on; nil where all requests are alike.
    let client: Int?
}
