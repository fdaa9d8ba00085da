import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("A push")
    struct GitPushStories {
        private static func shop(_ more: String = "") -> String {
            """
              web:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: web, SHOP_PORT: "8080", SHOP_VERSION: "${TAG:?}"\(more)}
            """
        }

        @Test("It deploys, says so to who pushed, and waits for one that came before it")
        func pushes() async throws {
            try await Stories.tell("gitpush", deployed: false) { story in
                let gate = try await story.writeGate()
                try story.writeConfiguration(
                    Stories.configuration(more: "hooks: {before_switch: [[\(gate)]]}"))
                let repository = try await story.initCaller("git", in: "repository")
                let variables = try await story.callerVariables()
                    .merging(["GIT_CONFIG_GLOBAL": "/dev/null", "STORY": story.folder]) { $1 }
                func push(_ script: String) async throws -> CommandResult {
                    try await story.called(script, in: repository, variables)
                }
                try story.writeSources(Self.shop(), to: repository)
                let first = try await story.commit(in: repository)
                let begun = try await push(
                    """
                    git init --quiet --bare "$STORY/app.git"
                    cp deploy/post-receive "$STORY/app.git/hooks/"
                    git remote add production "$STORY/app.git"
                    git push production main
                    """)
                #expect(begun.standardError.contains("remote: Promoted: "), "\(begun)")
                try await story.openSite()
                try await story.untilVersion(first)

                try story.writeSources(Self.shop(", SHOP_EXIT_CODE: \"2\""), to: repository)
                let bad = try await story.commit(in: repository)
                let refused = try await push("git push production main")
                #expect(refused.standardError.contains("remote: Aborted before the switch"))
                #expect(refused.standardError.contains("remote: NOT DEPLOYED: \(bad)"))
                #expect(try await story.version() == first)

                try story.writeSources(Self.shop(), to: repository)
                let third = try await story.commit(in: repository)
                try story.write("", to: "hold")
                try story.writeSources(Self.shop(", OF: \"4\""), to: repository)
                let last = try await story.commit(in: repository)
                let both = try await push(
                    """
                    git push production \(third):main >"$STORY/third" 2>&1 &
                    until [ -e "$STORY/holding" ]; do sleep 0.1; done
                    git push production \(last):main >"$STORY/last" 2>&1 &
                    until grep --quiet 'This one waits' "$STORY/last"; do sleep 0.1; done
                    touch "$STORY/gate"
                    wait
                    """)
                #expect(both.succeeded, "\(both)")
                #expect(try story.read("third").contains("remote: Promoted: "))
                #expect(try story.read("last").contains("remote: Promoted: "))
                #expect(try await story.version() == last)

                // Neither another branch nor one that is deleted deploys anything.
                let other = try await push(
                    "git push production main:other && git push production :other")
                #expect(other.succeeded)
                #expect(!other.standardError.contains("Promoted"))
            }
        }
    }
}
