/// Chance, which decisions never draw themselves.
package enum Randomness {
    /// Keeps apart two release ids of the same second.
    package static func entropy() -> UInt16 {
        UInt16.random(in: .min ... .max)
    }
}
