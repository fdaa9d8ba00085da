import Yams

extension AppConfiguration {
    /// Reads the text of a `teal.yml`. Nothing is looked up on the disk.
    ///
    /// - Parameters:
    ///   - file: the name that mistakes are shown with.
    ///   - environment: where `${NAME}` is looked up.
    ///   - example: the entry of a service for errors, looked for once there is one.
    /// - Throws: `CommandsError.configuration` with every mistake of the file.
    init(
        yaml text: String, file: String, environment: [String: String],
        example: @escaping () -> String = { ExampleService.usual }
    ) throws(CommandsError) {
        let root: Node?
        do {
            root = try YAMLText.compose(text)
        } catch {
            throw .configuration([ConfigurationMistake(error, in: text, file: file)])
        }
        var reader = ConfigurationReader(
            file: file, environment: environment, example: example)
        let field = root.map { ConfigurationReader.Field(path: "", node: $0) }
        guard let root, let field, !reader.isEmpty(field) else {
            throw .configuration([.emptyFile(file, example())])
        }
        guard case .mapping = root else {
            reader.note("the file must be a mapping of keys, as in `app: shop`", at: root)
            throw .configuration(reader.mistakes)
        }
        guard let configuration = reader.app(field) else {
            throw .configuration(reader.toldMistakes)
        }
        self = configuration
        places = reader.places
    }
}

extension ConfigurationMistake {
    fileprivate static func emptyFile(_ file: String, _ example: String) -> ConfigurationMistake {
        ConfigurationMistake(
            file: file, line: 1, column: 1,
            text: "the file is empty; the least is `app: shop` and "
                + "`services: {\(example)}`")
    }

    /// Says in a user's words what the YAML parser found.
    fileprivate init(_ error: any Error, in text: String, file: String) {
        var line = 1
        var column = 1
        var problem = "\(error)"
        if let excess = error as? YAMLText.Excess {
            (line, column, problem) = (excess.line, excess.column, excess.text)
        }
        switch error as? YamlError {
        case .scanner(_, let what, let at, _), .parser(_, let what, let at, _),
            .composer(_, let what, let at, _):
            (line, column) = (at.line, at.column)
            problem =
                Self.isTab(at, in: text)
                ? "a tab stands where YAML wants spaces" : "this is not YAML: \(what)"
        case .duplicatedKeysInMapping(let keys, let context):
            (line, column) = (context.mark.line, context.mark.column)
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            problem = "the key \(names) stands more than once in this mapping: keep one"
        case .reader(let what, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
            line = max(1, lines.count)
            column = (lines.last?.unicodeScalars.count ?? 0) + 1
            problem = "this is not text that YAML allows: \(what)"
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
            break
        }
        self.init(file: file, line: line, column: column, text: problem)
    }

    private static func isTab(_ mark: Mark, in text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(mark.line - 1) else { return false }
        return lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first == "\t"
    }
}
