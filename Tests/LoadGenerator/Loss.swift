/// Why a request counts as lost.
enum Loss: String, CaseIterable, Codable {
    /// No connection could be opened.
    case refused
    /// The connection ended before the response was complete, or held something else.
    case closed
    /// The response was not complete in time.
    case timeout
    /// Answered with 500 or more.
    case status
}
