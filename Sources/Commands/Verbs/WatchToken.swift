import ArgumentParser
import BlueGreen

struct WatchToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke the tokens that the page of `teal watch` asks for.",
        discussion: """
            The tokens are kept hashed in Teal's state folder. The page needs no restart to know \
            of a new or revoked one.

            Examples:
              teal watch token create
              teal watch token create --read-only --expires 30d --name grafana
              teal watch token revoke grafana
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a token and print it, once.")

        @Option(
            help: ArgumentHelp(
                "A name for it, which the history tells. (default: its id)", valueName: "name"))
        var name: String?

        @Flag(help: "It may look, and not act.")
        var readOnly = false

        @Option(
            help: ArgumentHelp(
                "How long it is valid, such as 30d. (default: until it is revoked)",
                valueName: "duration"))
        var expires: DurationArgument?

        @OptionGroup var result: ResultOptions

        func validate() throws {
            if let name, !StrictGrammar.label.accepts(name) {
                throw ValidationError("--name takes letters, digits, dots, dashes and underscores.")
            }
            if let expires, expires.duration <= .zero {
                throw ValidationError("--expires must be longer than zero.")
            }
        }

        func run() async throws {
            let invocation = Invocation.current
            let console = Console(invocation, json: result.json)
            try await VerbRun.ending(console) {
                let made = try await PageTokens(invocation.state).create(
                    name: name, readOnly: readOnly, expires: expires?.duration)
                let end = made.token.expiresAt.map { " until \($0)" } ?? ""
                let rights = readOnly ? "look" : "look and act"
                console.note(
                    "Token \(made.token.name) may \(rights)\(end). It is shown only now.")
                try console.result(
                    made.secret + "\n", CreatedDocument(secret: made.secret, token: made.token))
                return .done
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the tokens.")

        @OptionGroup var result: ResultOptions

        func run() async throws {
            let invocation = Invocation.current
            let console = Console(invocation, json: result.json)
            try await VerbRun.ending(console) {
                let tokens = try PageTokens(invocation.state).list()
                let head = ["id", "name", "rights", "created", "expires"]
                let rows = tokens.map { token in
                    let end = token.expiresAt ?? "never"
                    return [
                        token.id, token.name, token.rights, token.createdAt,
                        token.isValid ? end : "\(end) (over)",
                    ]
                }
                let text =
                    tokens.isEmpty
                    ? "There are no tokens. Next: `teal watch token create`.\n"
                    : TextTable([head] + rows).lines.map { $0 + "\n" }.joined()
                try console.result(text, ListDocument(tokens: tokens))
                return .done
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "End a token, and all sessions that it began.")

        @Argument(help: "The token's id or name.")
        var token: String

        @OptionGroup var result: ResultOptions

        func run() async throws {
            let invocation = Invocation.current
            let console = Console(invocation, json: result.json)
            try await VerbRun.ending(console) {
                let ended = try await PageTokens(invocation.state).revoke(token)
                try console.result(
                    "Token \(ended.name) (\(ended.id)) is revoked.\n",
                    ListDocument(tokens: [ended]))
                return .done
            }
        }
    }

    struct CreatedDocument: Encodable {
        let formatVersion = 1
        let secret: String
        let token: TokenDocument
    }

    struct ListDocument: Encodable {
        let formatVersion = 1
        let tokens: [TokenDocument]
    }
}
