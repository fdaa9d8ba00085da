import Synchronization

/// How long a push may take.
package struct PushLimits: Hashable, Sendable {
    /// Without a word of the engine, which tells of each piece that it sends.
    package var silence = Duration.seconds(300)
    /// An image may take long on a small host's line; Docker itself has no limit either.
    package var whole = Duration.seconds(3600)

    package init() {}
}

extension EngineAPI {
    /// Sends an image to the registry that its name has.
    ///
    /// - Parameter onLine: gets its progress.
    /// - Returns: the digest by which the registry has it, `sha256:...`.
    /// - Throws: `DockerError.notPushed`.
    package func pushImage(
        repository: String, tag: String, as credentials: RegistryCredentials?,
        _ limits: PushLimits = PushLimits(), onLine: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let image = "\(repository):\(tag)"
        let account = Mutex((account: PushAccount(), heard: ContinuousClock.now))
        var request = EngineRequest(
            method: .post, path: "/images/\(repository)/push", query: [("tag", tag)],
            act: "push the image \(image)", timeLimit: limits.whole)
        request.registryAuth = credentials?.header ?? RegistryCredentials.noHeader
        request.onBody = { piece in
            let lines = account.withLock { state in
                state.heard = .now
                return state.account.take(piece)
            }
            lines.forEach(onLine)
        }
        do {
            try await send(request, givingUpAfter: limits.silence) {
                account.withLock(\.heard)
            }
        } catch DockerError.engine(_, _, let text) {
            throw DockerError.notPushed(image: image, RegistryFault(text: text))
        } catch DockerError.noAnswer(_, let limit) {
            throw DockerError.notPushed(image: image, .silent(limit))
        }
        let end = account.withLock(\.account)
        if let failure = end.failure {
            throw DockerError.notPushed(image: image, RegistryFault(text: failure))
        }
        guard let digest = end.digest else {
            throw DockerError.notPushed(
                image: image, .other("the engine named no digest at the end."))
        }
        return digest
    }

    private func send(
        _ request: EngineRequest, givingUpAfter silence: Duration,
        _ heard: @escaping @Sendable () -> ContinuousClock.Instant
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await send(request) }
            group.addTask {
                while true {
                    let left = silence - (.now - heard())
                    guard left > .zero else {
                        throw DockerError.noAnswer(act: request.act, within: silence)
                    }
                    try await Task.sleep(for: left)
                }
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }

    /// Whether the registry can be used with these credentials, as far as that can be told without
    /// sending anything.
    ///
    /// - Parameter repository: any in it; whether it is there does not count.
    /// - Returns: nil where nothing is known against it.
    package func fault(
        ofRegistryWith repository: String, as credentials: RegistryCredentials?,
        within limit: Duration = .seconds(30)
    ) async throws -> RegistryFault? {
        do {
            if let login = credentials?.login {
                // Of a repository that is not there yet, some registries say "denied" to everybody.
                _ = try await send(
                    EngineRequest(
                        method: .post, path: "/auth", body: login, act: "log in to the registry",
                        timeLimit: limit))
            } else {
                _ = try await distribution(
                    of: "\(repository):latest", as: credentials, within: limit)
            }
            return nil
        } catch DockerError.engine(_, 404, _) {
            return nil
        } catch DockerError.engine(_, let status, let text) {
            return [401, 403].contains(status) ? .refused(text) : RegistryFault(text: text)
        } catch DockerError.noAnswer(_, let limit) {
            return .silent(limit)
        }
    }

    /// The digest that the registry has for the name now.
    ///
    /// - Throws: `DockerError.engine` in the registry's words.
    package func distribution(
        of image: String, as credentials: RegistryCredentials?,
        within limit: Duration = .seconds(60)
    ) async throws -> String? {
        var request = EngineRequest(
            method: .get, path: "/distribution/\(image)/json",
            act: "ask the registry for \(image)", timeLimit: limit)
        request.registryAuth = credentials?.header
        return try JSONValue(parsing: try await send(request).body)["Descriptor"]?["digest"]?.string
    }
}
