package import BlueGreen
package import Orchestration

extension NginxRouter {
    package func readLink() throws -> LinkReading {
        switch try folder.link() {
        case .leads(let state): .leads(state.traffic)
        case .unwritten: .unwritten(try folder.lost(.unwritten))
        case .lost(let lost): .lost(lost)
        }
    }

    package func linkMadeAt() -> Timestamp? { folder.linkMadeAt() }

    package func losses() throws -> [FolderLoss] { try folder.losses() }

    package func heal() async throws -> [String] {
        let done = try healFolder()
        // A change that nobody confirmed is ended as before a deployment.
        if folder.hasUnconfirmedChange, case .leads = try folder.link() {
            try await prepare()
        }
        return done
    }

    /// Without a word to nginx.
    @discardableResult
    func healFolder() throws -> [String] {
        let done = try folder.heal()
        try folder.sweep()
        return done
    }

    package func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        let state = LinkState(colour)
        guard let table else { return try folder.putBackLink(to: state) }
        try NginxGrammar.check(table)
        let (wasThere, hadLink) = (folder.exists, folder.hasLink)
        do {
            let facts = try await known.factsOnNetworks()
            // Workers that still know the files of before find the colour at once.
            try await apply(facts, AppFolder.Contents(files: .none, live: state)) {
                Blueprint(settings: settings, table: table, live: state, environment: $0)
            }
            try page.put()
        } catch {
            // A link alone would say that the app is there.
            if !wasThere { try folder.removeAll() } else if !hadLink { try folder.removeLink() }
            throw error
        }
    }
}
