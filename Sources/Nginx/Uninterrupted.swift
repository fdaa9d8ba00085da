/// Lets an act come to its end although its caller is cancelled meanwhile: half of a
/// configuration change, or half of its undoing, is worse than a late answer. Every wait inside
/// has a bound of its own.
func uninterrupted<Value: Sendable>(
    _ act: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await Task { try await act() }.value
}
