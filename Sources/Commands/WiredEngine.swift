import BlueGreen
import HostSystem
import Orchestration

/// A container engine with all that a run needs of it.
struct WiredEngine: Sendable {
    let engine: any ContainerEngine & HookRunner & Housekeeping & EngineReadiness
    let source: any ReleaseSource
    /// A call of the engine's own program on what stands in a colour, for `teal compose`.
    let command: @Sendable (Colour, [String]) async throws -> Command
    /// Whose cgroups show what the engine's containers are confined to.
    let witnesses: @Sendable () async throws -> [ConfinementWitness]
    /// To be called once, after the last use.
    let shutDown: @Sendable () async throws -> Void
}
