/// Remembers what nginx and its container are, for the time of one command. Two who ask at once
/// may both look; they find the same.
actor Survey {
    private let nginx: RunningNginx
    private var known: NginxFacts?

    init(_ nginx: RunningNginx) {
        self.nginx = nginx
    }

    func remember(_ facts: NginxFacts) {
        known = facts
    }

    func facts() async throws -> NginxFacts {
        // Before the app's first files are there nginx may refuse the site that reads them.
        if let known, known.log != nil { return known }
        let container = try await nginx.container()
        let found = NginxFacts(try await nginx.examine(), container, nginx.settings)
        known = found
        return found
    }

    /// The same, with nginx on the networks of the app's colours.
    func factsOnNetworks() async throws -> NginxFacts {
        let facts = try await facts()
        guard let container = facts.container else { return facts }
        let joined = facts.with(try await nginx.joinNetworks(container))
        known = joined
        return joined
    }

    /// Where the status server is asked; on the host that needs no look at nginx.
    func address() async throws -> StatusAddress {
        guard nginx.settings.container != nil else { return nginx.settings.status }
        return try await facts().address(nginx.settings)
    }
}
