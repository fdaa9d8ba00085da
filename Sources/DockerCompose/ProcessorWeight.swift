/// Docker's `cpu_shares`: what a container gets of the processor beside others that want it too.
///
/// One that starts yields to those that serve, until it has proved itself. Where nobody else wants
/// the processor it has all of it.
enum ProcessorWeight {
    /// Docker's own default.
    static let usual = 1024
    static let starting = 256
}
