/// Lets an act come to its end although its caller is cancelled meanwhile. A late answer is better
/// than half of an act, or half of its undoing.
///
/// Every wait inside must have a bound of its own.
package func uninterrupted<Value: Sendable>(
    _ act: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await Task { try await act() }.value
}
