import BlueGreen
import HostSystem
import Orchestration

/// Brings disk and workers to the wanted files, or leaves both as they were.
struct ConfigurationChange: Sendable {
    let nginx: RunningNginx
    let folder: AppFolder
    let facts: NginxFacts
    /// Where the link leads while it is made, and the files before it.
    let present: AppFolder.Contents

    private var settings: NginxSettings { nginx.settings }

    /// Proves the files apart, puts them in place, tests the whole, reloads, and asks the
    /// workers. The same files with workers that run them are no change at all; no files at all
    /// are the app's removal.
    ///
    /// - Throws: what failed, when everything is as it was before; `NginxError.notPutBack` when
    ///   that could not be shown.
    func apply(_ generated: GeneratedFiles) async throws {
        let wanted = folder.placeable(generated)
        let isInPlace = present.files == wanted
        if isInPlace, await nginx.answersAsExpected(try workerCheck(wanted)) { return }
        try await uninterrupted {
            let lock = try await lock()
            defer { lock.release() }
            if isInPlace {
                try await enforce(wanted)
            } else {
                try await replace(by: wanted)
            }
        }
    }

    /// All apps share one nginx: none may test or reload it while another's files are half in
    /// place.
    private func lock() async throws -> FileLock {
        let files = FileSystem()
        try files.makeFolder(settings.directory, access: .everyoneReads)
        let holder = LockHolder(
            pid: ProcessInformation.pid, since: nginx.clock.now, verb: "deploy", release: nil)
        do {
            return try await FileLock.acquire(
                path: AppPaths.lock(in: settings.directory), holder: holder,
                waitingAtMost: .seconds(60), clock: nginx.clock, onWait: { _ in })
        } catch HostError.locked(let other) {
            throw NginxError.busy(other?.description ?? "another run of Teal")
        }
    }

    /// The files stand already, but the workers do not run them.
    private func enforce(_ files: GeneratedFiles) async throws {
        try await reload(to: files, master: try await test(files))
    }

    private func replace(by wanted: GeneratedFiles) async throws {
        if !wanted.texts.isEmpty {
            try await StandaloneProof(nginx).prove(wanted, facts: facts)
        }
        var isReloadOrdered = false
        do {
            try folder.replace(present, by: wanted)
            let master = try await test(wanted)
            isReloadOrdered = true
            try await reload(to: wanted, master: master)
        } catch {
            try await putBack(isReloadOrdered: isReloadOrdered, after: error)
            throw error
        }
        try folder.forgetPrevious()
    }

    private func putBack(isReloadOrdered: Bool, after cause: any Error) async throws {
        do {
            try folder.restorePrevious()
            // Workers that were never told of the change still run what is on disk again.
            if isReloadOrdered {
                let dump = try await nginx.examine().configuration.get()
                let master = try? nginx.master(facts.build, dump, facts.container)
                try await reload(to: present.files, master: master)
            }
            try folder.forgetPrevious()
        } catch {
            throw NginxError.notPutBack(cause: "\(cause)", reason: "\(error)")
        }
    }

    /// Tests all of nginx's configuration as it is on disk.
    ///
    /// - Returns: the master that would read it; nil where nginx does not run and need not.
    private func test(_ files: GeneratedFiles) async throws -> Int? {
        let examination = try await nginx.examine()
        let dump = try examination.configuration.get()
        do {
            if !files.texts.isEmpty {
                let examination = ConfigurationExamination(dump, settings)
                try examination.check(files)
                // The last moment before Teal's own server would take a site's requests away.
                if files.manifest?.blueprint.listen != present.files.manifest?.blueprint.listen {
                    try examination.refuseSharedStatus()
                }
            }
            return try nginx.master(examination.build, dump, facts.container)
        } catch NginxError.notRunning where files.texts.isEmpty {
            return nil
        }
    }

    private func reload(to files: GeneratedFiles, master: Int?) async throws {
        guard let master else { return }
        var check = try workerCheck(files)
        check.master = master
        check.replaced = try nginx.workers(of: master).accepting
        // Where the workers cannot be told apart, more answers have to do.
        if check.replaced.isEmpty { check.answers = 20 }
        try await nginx.reload()
        try await nginx.awaitWorkers(check)
        try await awaitEndOfWorkers(check, master: master)
    }

    /// A worker of before goes on serving the connections that it keeps, and knows only the
    /// candidate's addresses of before. So in `live` mode it has to be gone before the switch;
    /// where it still carries a stream or a websocket, it serves nothing else by then.
    private func awaitEndOfWorkers(
        _ check: RunningNginx.WorkerCheck, master: Int
    ) async throws {
        guard settings.mode == .live, facts.build.version.knowsKeepaliveMinTimeout,
            present.live.colour != nil
        else { return }
        try await nginx.awaitEnd(
            of: check.replaced, master: master,
            patience: Blueprint.keptAtLeast + .seconds(1))
    }

    private func workerCheck(_ files: GeneratedFiles) throws -> RunningNginx.WorkerCheck {
        RunningNginx.WorkerCheck(
            expected: files.manifest?.answer(live: present.live),
            address: try facts.address(settings, of: files), patience: nginx.patience)
    }
}
