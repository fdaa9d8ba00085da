import ArgumentParser
import BlueGreen
import HostSystem
import Orchestration

struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Stop and remove all of the app: containers, networks, releases, history.",
        discussion: """
            Leaves other apps, and what they share, alone. Keeps volumes without --volumes; data of a \
            shared service that has no named volume is kept too, and its place is told. \
            With `engine: swarm` it works on every node, and refuses while an edge is absent. \
            If nginx's own files still include Teal's, Teal names them. Docker is asked first, and \
            nginx lets go of the app last: if something fails, visitors keep what still runs.

            Examples:
              teal down
              teal down --app shop --yes --volumes
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    @Flag(help: "Do not ask; needed where there is no terminal.")
    var yes = false

    @Flag(help: "Remove the app's volumes, and what is in them, as well.")
    var volumes = false

    func run() async throws {
        // Asked before the lock is taken: nobody waits for a person's answer, and Ctrl-C is one.
        if !yes {
            try await VerbRun.reading(common) { app, console in
                try refuseVolumes(app)
                guard isConfirmed(app, console) else {
                    throw CommandsError.notConfirmed(act: "take the app down")
                }
                return .done
            }
        }
        try await WritingSession.locked("down", common, lock) { run in
            try refuseVolumes(run.app)
            // A name in a file is no word for taking down another app.
            if common.app == nil, case .otherApp = run.app.fault, let fault = run.app.fault {
                throw fault
            }
            return try await takeDown(run)
        }
    }

    /// Volumes lie on the nodes.
    private func refuseVolumes(_ app: AppContext) throws {
        if volumes { try app.refuseSwarm("down --volumes") }
    }

    private func isConfirmed(_ app: AppContext, _ console: Console) -> Bool {
        guard console.canAsk else { return false }
        let all = volumes ? "all of it, with its volumes" : "all of it"
        let place = app.configuration.engine == .swarm ? "all nodes of its swarm" : "this host"
        console.note("This removes the app \(app.name) from \(place): \(all).")
        console.note("Type its name to go on:")
        return readLine() == app.name
    }

    private func takeDown(_ run: WritingRun) async throws -> ExitStatus {
        let remains = try await run.acting {
            try await $0.down(volumes ? .removed : .kept, by: run.wiring.housekeeping)
        }
        let end = DownText(app: run.app.name, volumes: volumes ? .removed : .kept, remains)
        if let left = remains.router {
            // Without its state the app could not be named any more by who runs this again.
            let next = "Next: correct that and run `teal down\(run.app.options)` again."
            return try finish(
                run, .unexpectedError, ["nginx's part is left: \(left)"] + end.lines + [next])
        }
        try FileSystem().removeTree(run.app.state.folder(of: run.app.name))
        return try finish(run, .done, end.lines)
    }

    private func finish(
        _ run: WritingRun, _ status: ExitStatus, _ lines: [String]
    ) throws -> ExitStatus {
        if run.console.isJSON {
            let error = status == .done ? nil : lines.joined(separator: " ")
            try run.console.result("", ResultDocument(app: run.app.name, status, error: error))
        }
        run.console.closing(lines.flatMap(SafeLine.lines))
        return status
    }
}

/// The sentences of `teal down` about an app that is gone.
struct DownText {
    let app: String
    let volumes: AppDeployer.VolumeFate
    private let unnamed: [UnnamedVolume]

    init(app: String, volumes: AppDeployer.VolumeFate, _ remains: AppDeployer.Remains) {
        self.app = app
        self.volumes = volumes
        unnamed = remains.volumes
    }

    var lines: [String] {
        let end = "The app \(app) is down: its containers and networks are gone"
        let fate =
            switch volumes {
            case .kept: "; its named volumes are kept."
            case .removed: ", and so are its volumes."
            }
        return [end + fate]
            + unnamed.map { volume in
                "\(volume.service) had its data at \(volume.target) in a volume without a name, "
                    + "and a later deploy begins with an empty one. The data is in the volume "
                    + "\(volume.id). To go on with it, name that in the compose file "
                    + "(`external: true`, `name:`) and mount it at \(volume.target); "
                    + "`docker volume rm \(volume.id)` removes it."
            }
    }
}
