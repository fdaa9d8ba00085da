import HostSystem

/// The app that a verb is about.
struct AppContext: Sendable {
    let file: ConfigurationFile
    let state: StateDirectory
    /// The options that a command for the user must repeat, ` --app shop`.
    let options: String
    /// Where the variables of `teal.yml` were looked up.
    var environment: [String: String] = [:]
    /// Why the settings are those of the last deploy; nil for today's file.
    var fault: CommandsError?

    var name: String { file.configuration.app }
    var configuration: AppConfiguration { file.configuration }

    /// - Parameter words: those after the options.
    func command(_ verb: String, _ words: String...) -> String {
        "`teal \(([verb + options] + words).joined(separator: " "))`"
    }

    /// To be called once nginx's files were written by these settings.
    func remember() throws {
        let origin = AppOrigin(
            app: name, configuration: file.path, text: file.text, environment: environment)
        // One that cannot be decoded is written anew.
        let known = try AppOrigin.find(name, in: state)
        if known != origin { try origin.write(in: state) }
    }
}

extension AppContext {
    /// For verbs that know one host only.
    func refuseSwarm(_ verb: String) throws(CommandsError) {
        if configuration.engine == .swarm { throw .notWithSwarm(verb: verb) }
    }
}

extension CommonOptions {
    /// An app that was deployed before, by its name, for the watch and its page.
    static func locate(
        app name: String, _ invocation: Invocation
    ) throws(CommandsError) -> AppContext {
        var options = CommonOptions()
        options.app = name
        options.config = nil
        let context = try options.locate(invocation, for: .knownReleases)
        try context.refuseSwarm("watch")
        return context
    }

    /// A new release needs today's `teal.yml`. Where that is gone or wrong, the settings of the
    /// last deploy do for all that is recorded.
    func locate(
        _ invocation: Invocation, for purpose: ConfigurationFile.Purpose
    ) throws(CommandsError) -> AppContext {
        let named = try app.map { name throws(CommandsError) in
            try AppOrigin.read(of: name, in: invocation.state)
        }
        let path =
            named?.configuration
            ?? ConfigurationFile.absolute(config ?? "teal.yml", from: invocation.directory)
        do throws(CommandsError) {
            let file = try ConfigurationFile(
                path: path, from: "/", environment: invocation.environment, for: purpose)
            try refuseOther(file, invocation.state, purpose)
            try refuseMoved(file, invocation.state, purpose)
            return AppContext(
                file: file, state: invocation.state, options: repeated,
                environment: invocation.environment)
        } catch {
            switch purpose {
            case .newRelease: throw error
            case .knownReleases: break
            }
            var known = named
            if known == nil { known = try movedApp(error, invocation.state) }
            if known == nil { known = try deployedOnce(from: path, invocation.state) }
            guard let origin = known else { throw error }
            var context: AppContext
            do throws(CommandsError) {
                context = AppContext(
                    file: try ConfigurationFile(origin), state: invocation.state,
                    options: repeated, environment: origin.variables)
            } catch {
                throw .storedSettings(app: origin.app, reason: "\(error)")
            }
            context.fault = error
            return context
        }
    }

    /// An app that was never deployed, in the file that another one was deployed from, is that
    /// other one by a new name.
    private func refuseOther(
        _ file: ConfigurationFile, _ state: StateDirectory, _ purpose: ConfigurationFile.Purpose
    ) throws(CommandsError) {
        let found = file.configuration.app
        let asked: String?
        switch purpose {
        case .newRelease: asked = app
        case .knownReleases:
            let isKnown = try state.apps().contains(found)
            let before = isKnown ? nil : try deployedOnce(from: file.path, state)?.app
            asked = app ?? before
        }
        if let asked, asked != found {
            throw .otherApp(asked: asked, found: found, path: file.path)
        }
    }

    /// The link says who has traffic, and lies in nginx's folder of the app: by another folder a
    /// deploy would take the live colour for an empty one.
    private func refuseMoved(
        _ file: ConfigurationFile, _ state: StateDirectory, _ purpose: ConfigurationFile.Purpose
    ) throws(CommandsError) {
        let name = file.configuration.app
        let directory = file.configuration.nginx.directory
        // What was never deployed, or from a file that says nothing any more, has no place.
        let known: AppOrigin?
        switch purpose {
        case .knownReleases: known = try AppOrigin.find(name, in: state)
        // `check` tells of a closed state folder among the rest, and no deploy begins without it.
        case .newRelease: known = (try? AppOrigin.find(name, in: state)) ?? nil
        }
        guard let origin = known,
            let before = try? ConfigurationFile(origin).configuration.nginx.directory,
            before != directory, FileSystem().exists("\(before)/\(name)/live")
        else { return }
        throw .moved(app: name, from: before, to: directory, path: file.path)
    }

    private func movedApp(
        _ error: CommandsError, _ state: StateDirectory
    ) throws(CommandsError) -> AppOrigin? {
        guard case .moved(let name, _, _, _) = error else { return nil }
        return try AppOrigin.read(of: name, in: state)
    }

    /// nil where no app was deployed from there, or more than one.
    private func deployedOnce(
        from path: String, _ state: StateDirectory
    ) throws(CommandsError) -> AppOrigin? {
        var origins: [AppOrigin] = []
        for name in try state.apps() {
            if let origin = try AppOrigin.find(name, in: state), origin.configuration == path {
                origins.append(origin)
            }
        }
        return origins.count == 1 ? origins[0] : nil
    }
}

/// What is told of settings that are not today's.
extension AppContext {
    /// nil for today's.
    var warning: String? {
        fault.map { fault in
            "Warning: \(file.path) cannot be used: \(fault.fault)\n"
                + "Teal goes on with the settings of \(name)'s last deploy."
        }
    }
}

extension CommandsError {
    /// As the predicate to the name of a `teal.yml`.
    fileprivate var fault: String {
        if case .configurationNotFound = self { return "it does not exist." }
        if case .configurationNotReadable(_, let reason) = self { return "\(reason)." }
        if case .otherApp(let asked, let found, _) = self {
            return "\(asked) was deployed from it, and now it describes the app \(found)."
        }
        if case .moved(_, let before, let now, _) = self {
            return "it names \(now) as nginx's folder, and the app's files lie in \(before)."
        }
        return "\(self)"
    }
}
