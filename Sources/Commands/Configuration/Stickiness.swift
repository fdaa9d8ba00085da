/// By what nginx knows a client again, so that a canary keeps it on one colour.
package enum Stickiness: Hashable, Sendable {
    /// Its address and what it calls itself.
    case client
    /// The value of this cookie; the client where it sends none. Letters, digits and `_`.
    case cookie(String)
    /// The value of this field of the request's header; the client where it sends none. Letters,
    /// digits and `-`.
    case header(String)
}
