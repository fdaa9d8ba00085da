import HostSystem

extension Story {
    /// An executable script beside `teal.yml`; `#!/bin/sh` and `set -eu` come before the lines.
    package func writeScript(_ name: String, _ lines: String) async throws {
        try await writeExecutable(name, "#!/bin/sh\nset -eu\n\(lines)\n")
    }

    /// The script that AWS.md shows under this name.
    package func writeDocumentedScript(_ script: String) async throws {
        let page = try tools.source("Sources/Commands/Teal.docc/AWS.md")
        let blocks = page.split(separator: "```sh\n").dropFirst()
            .compactMap { $0.split(separator: "```").first }
        guard let block = blocks.first(where: { $0.contains("# hooks/\(script)") }) else {
            throw StoryError.unreadable("AWS.md has no script hooks/\(script)")
        }
        try await writeExecutable("hooks/\(script)", String(block))
    }

    /// Programs named `aws` and `docker` that come before the host's. The one answers a hook's
    /// question, the other takes a log-in and hands everything else on.
    ///
    /// - Returns: a PATH with them.
    package func standInForAmazon() async throws -> String {
        try await writeScript(
            "bin/aws",
            """
            echo "aws $*" >>"\(folder)/calls"
            case "$1 $2" in
            "ecr get-login-password") echo a-token ;;
            "ssm get-parameters-by-path")
                printf '/hookaws/SHOP_VERSION\\tv42\\n/hookaws/web/NOTE\\ta "b" $c\\n' ;;
            *) exit 252 ;;
            esac
            """)
        try await writeScript(
            "bin/docker",
            """
            if [ "$1" = login ]; then
                echo "docker $*: $(cat)" >>"\(folder)/calls"
                exit 0
            fi
            PATH=${PATH#*:} exec docker "$@"
            """)
        return "\(folder)/bin:" + (ProcessInformation.environment["PATH"] ?? "/usr/bin:/bin")
    }

    /// The calls of the stand-ins, a line each.
    package func amazonCalls() throws -> String {
        try FileSystem().readText(folder + "/calls")
    }

    private func writeExecutable(_ name: String, _ text: String) async throws {
        if let slash = name.lastIndex(of: "/") {
            try FileSystem().makeFolder("\(folder)/\(name[..<slash])", access: .everyoneReads)
        }
        try write(text, to: name)
        try await expect(Command("chmod", ["755", "\(folder)/\(name)"]))
    }
}
