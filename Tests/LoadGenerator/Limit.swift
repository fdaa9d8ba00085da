/// When to stop sending; whichever comes first.
struct Limit: Sendable {
    let duration: Duration?
    let requests: Int?
    let file: String?
}
