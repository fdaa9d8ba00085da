import ArgumentParser
import BlueGreen
import Orchestration

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give traffic back to the previous release, or to the one that you name.",
        discussion: """
            Where the release still runs in the other colour, traffic moves at once (warm). \
            Otherwise its containers are started again from what was recorded when it was \
            deployed, proved healthy, and then get traffic (cold). Which it will be is said first.

            Examples:
              teal rollback
              teal rollback --to v1
              teal rollback --app shop --to 20261120-213405-3f9c
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    @Option(
        help: ArgumentHelp(
            "The release: its id, a beginning of it, or its label. `teal history` lists them.",
            valueName: "release"))
    var to: String?

    func run() async throws {
        try await WritingRun.perform("rollback", common, lock, release: to) { run in
            try await rollBack(run)
        }
    }

    private func rollBack(_ run: WritingRun) async throws -> ExitStatus {
        var ports = try run.wiring.ports(run.wiring.engineWithoutCompose(), .writing)
        if try await ports.store.unfinished() != nil {
            ports = try run.wiring.ports(
                run.wiring.engine(try await run.wiring.composeTool()), .writing)
            let overruled = Recovery.Waiting.answer(
                .abort(reason: "`teal rollback` was asked for while it waited to be promoted."))
            if let recovered = try await run.recover(ports, overruled),
                recovered.outcome == .unknown
            {
                return try await run.close(recovered, ports)
            }
        }
        let situation = try await Situation.observe(ports)
        let request = try situation.rollback(
            to: to, settings: run.app.configuration.deployment)
        switch request.kind {
        case .warmRollback: break
        case .deploy, .coldRollback:
            ports = try run.wiring.ports(
                run.wiring.engine(try await run.wiring.composeTool()), .writing)
        }
        return try await run.carryOut(request, ports)
    }
}
