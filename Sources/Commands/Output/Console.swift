import FoundationEssentials
import Glibc
import HostSystem

/// The outputs of a verb: its result on standard output, everything else on standard error.
struct Console: Sendable {
    let isJSON: Bool
    let style: OutputStyle
    /// nil outside of a job of GitHub Actions.
    let actionsFiles: ActionsFiles?
    let characters: LadderText.Characters
    let resizing: TerminalFrame.Resizing
    private let output: OutputChannel
    private let errors: OutputChannel

    init(_ invocation: Invocation, json: Bool) {
        isJSON = json
        style = invocation.style
        actionsFiles = ActionsFiles(environment: invocation.environment)
        characters = LadderText.Characters(environment: invocation.environment)
        resizing = TerminalFrame.Resizing(environment: invocation.environment)
        output = invocation.standardOutput
        errors = invocation.standardError
    }

    /// The result, as text or as JSON.
    func result(_ text: @autoclosure () -> String, _ document: some Encodable) throws {
        output.write(isJSON ? try JSONText.of(document) : text())
    }

    /// Why a part of the result did not arrive where somebody waits for it; nil where all did.
    var lostResult: String? { output.loss }

    /// The last lines of a run: the result itself, or beside it where that is JSON.
    func closing(_ lines: [String]) {
        let text = lines.map { $0 + "\n" }.joined()
        if isJSON { errors.write(text) } else { output.write(text) }
    }

    /// An error, as sentences that can do nothing but be read.
    func error(_ text: String) {
        let lines = Self.lines(text)
        switch style {
        case .lines(.actions): errors.write(ActionsCommand.errors(lines))
        case .lines(.plain), .terminal: errors.write(lines.map { $0 + "\n" }.joined())
        }
    }

    func note(_ text: String) {
        errors.write(Self.lines(text).map { $0 + "\n" }.joined())
    }

    /// One line beyond CodeDeploy's limit would make it show nothing at all.
    private static func lines(_ text: String) -> [String] {
        SafeLine.lines(text).map { PrintableText($0).cut(toBytes: 1000) }
    }

    /// Whether a person reads and can answer.
    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && errors.isTerminal }

    var progress: (@Sendable (String) -> Void) {
        { [errors] in errors.write($0) }
    }

    var size: @Sendable () -> LadderText.Size {
        { [errors] in errors.size }
    }
}

/// How progress is shown to the reader of standard error.
enum OutputStyle: Hashable, Sendable {
    /// A live view, rewritten in place.
    case terminal(Colours)
    case lines(LineReporter.Format)

    enum Colours: Hashable, Sendable {
        case on
        case off
    }

    /// - Parameter isTerminal: whether standard error is one.
    init(environment: [String: String], isTerminal: Bool) {
        let terminal = environment["TERM"] ?? ""
        if environment["GITHUB_ACTIONS"] == "true" {
            self = .lines(.actions)
        } else if isTerminal, !terminal.isEmpty, terminal != "dumb" {
            // https://no-color.org: any value but an empty one.
            self = .terminal((environment["NO_COLOR"] ?? "").isEmpty ? .on : .off)
        } else {
            self = .lines(.plain)
        }
    }
}

/// JSON as Teal prints it: keys in snake case and in alphabetical order, indented.
enum JSONText {
    static func of(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}
