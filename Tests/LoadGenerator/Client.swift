import ArgumentParser

/// How a client takes the loss of a connection that it has used before.
enum Client: String, ExpressibleByArgument, CaseIterable, Codable {
    /// As browsers and Go do: a GET is sent once more on a fresh connection, if the reused one was
    /// closed before any byte of the response.
    case careful
    /// Never sends anything twice.
    case blind
}
