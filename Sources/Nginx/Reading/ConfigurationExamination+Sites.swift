import BlueGreen

/// What the sites of this nginx ask of the app.
extension ConfigurationExamination {
    /// In the order in which nginx reads them.
    ///
    /// - Parameter services: those that Teal's files on disk know.
    func routes(to services: Set<String>, filesOf mode: SwitchMode) -> [SiteRoute] {
        let reader = RouteReader(AppNames(app: settings.app), services, filesOf: mode)
        return directives.compactMap { directive in
            // A block `stream` has groups of its own.
            guard directive.context.first == "http" else { return nil }
            let isGenerated = isGenerated(directive.file)
            guard let (service, kind) = reader.reading(of: directive, isGenerated: isGenerated)
            else { return nil }
            return SiteRoute(
                service: service, kind: kind, directive: directive,
                line: line(of: directive, isGenerated: isGenerated))
        }
    }

    /// The innermost line that is the user's own.
    private func line(of directive: Directive, isGenerated: Bool) -> Directive.Place {
        guard isGenerated else { return directive.origin }
        return directive.includes.last { !self.isGenerated($0.file) } ?? directive.origin
    }

    /// Whether Teal wrote the file, also where it is included by way of another path.
    func isGenerated(_ file: String) -> Bool {
        file.hasPrefix(settings.directory + "/")
            || dump.files[file]?.hasPrefix(Blueprint.mark) ?? false
    }

    /// The blocks that read the app's `server.conf`.
    var blocksWithServerFile: Set<Int> {
        Set(
            directives.filter { directive in
                directive.name == "include"
                    && dump.filesIncluded(by: directive).contains(where: isServerFile)
            }.map(\.block))
    }

    private func isServerFile(_ file: String) -> Bool {
        let purpose = Blueprint.purpose(ofServerFile: paths)
        return file == paths.server || dump.files[file]?.contains("\n# \(purpose)\n") ?? false
    }

    /// Such a site goes by another link than the one that Teal moves.
    var linesOfAnotherFolder: [Directive] {
        let mark = "\(Blueprint.mark)for the app \(settings.app);"
        return directives.filter { directive in
            directive.name == "include" && !isGenerated(directive.file)
                && dump.filesIncluded(by: directive).contains { file in
                    guard let text = dump.files[file], text.hasPrefix(mark) else { return false }
                    return text.contains("\n# For a ") && !text.contains(" \(paths.folder)/")
                }
        }
    }

    /// nginx runs the lines of `server.conf` for a request where they stand in its server block,
    /// or in the very location.
    func isDecided(_ route: SiteRoute) -> Bool {
        let blocks = blocksWithServerFile
        return [route.directive.block(named: "server"), route.directive.block(named: "location")]
            .contains { $0.map { blocks.contains($0.number) } ?? false }
    }

    /// The user's own headers for a request, beside those of the file that Teal wrote.
    func headersSentTwice(_ names: Set<String>, _ routes: [SiteRoute]) -> [Directive] {
        let locations = Set(routes.filter { $0.kind == .snippet }.map(\.directive.block))
        return directives.filter { directive in
            directive.name == "proxy_set_header" && directive.words.count == 3
                && locations.contains(directive.block) && !isGenerated(directive.file)
                && names.contains(directive.words[1].lowercased())
        }
    }
}
