import HostSystem
import TestSupport
import Testing

/// A block of the documentation that its story does not type.
struct UntypedBlock {
    let page: String
    /// A line of the block; nil for all blocks of the page that are left.
    let line: String?
    let why: Why

    enum Why {
        /// Another test types it, or holds it against what the program writes: in this file, where
        /// these words stand.
        case test(String, words: String)
        case cannotBeTyped(String)
    }

    private init(_ page: String, _ line: String?, _ why: Why) {
        self.page = page + ".md"
        self.line = line
        self.why = why
    }

    private static let sample = Why.cannotBeTyped(
        "It shows an output whose times, names and figures are of one case.")

    private static let systemd = Why.cannotBeTyped(
        "It needs a running systemd. Tests/run.sh has its checker look at the units.")

    static let all: [UntypedBlock] = [
        UntypedBlock("AWS", nil, .test("Tests/aws.sh", words: "Teal.docc/AWS.md")),
        UntypedBlock("Installing", "sudo systemctl enable --now teal-watch", systemd),
        UntypedBlock(
            "Installing", "0.1.0 (commit 0a1b2c3d4e5f, built from sources of 2026-11-27)", sample),
        UntypedBlock(
            "Installing", ".ci/package 0.1.0", .test("Tests/packages.sh", words: ".ci/package")),
        UntypedBlock(
            "Installing", nil, .test("Tests/packages/debian.sh", words: "Installing.md")),
        UntypedBlock(
            "JSON", nil, .test("Tests/CommandsTests/DocumentTests.swift", words: "JSON.md")),
        UntypedBlock(
            "CodeDeploy", nil,
            .test("Tests/EndToEndTests/CodeDeployStories.swift", words: "\"codedeploy\"")),
        UntypedBlock(
            "GitHubActions", nil,
            .test("Tests/EndToEndTests/GitHubStories.swift", words: "\"github-runner\"")),
        UntypedBlock(
            "Jenkins", nil,
            .test("Tests/EndToEndTests/JenkinsStories.swift", words: "\"jenkins\"")),
        UntypedBlock(
            "GitPush", "# deploy/post-receive: /srv/git/shop.git/hooks/post-receive, executable.",
            .test("Tests/EndToEndTests/GitPushStories.swift", words: "\"git\"")),
        UntypedBlock(
            "Callers", "* * * * * root teal probe --all --quiet-when-busy",
            .test("Tests/EndToEndTests/CallerStories.swift", words: "\"cron\"")),
        UntypedBlock("Callers", nil, sample),
        UntypedBlock("SmallHost", nil, sample),
        UntypedBlock(
            "Swarm", "registry: registry.example:5000/shop",
            .test(
                "Tests/CommandsTests/SwarmConfigurationTests.swift",
                words: "registry.example:5000/shop")),
        UntypedBlock("Swarm", "$ teal check", sample),
        UntypedBlock(
            "Notices", "import hashlib, hmac, time",
            .cannotBeTyped(
                "It is in Python, which no test needs. NoticesTests sign by the same rule.")),
        UntypedBlock("Notices", nil, sample),
        UntypedBlock("Watching", "systemctl enable --now teal-watch", systemd),
        UntypedBlock(
            "README",
            "curl -fsSL \"$TEAL_DOWNLOADS/install.sh\" "
                + "| sudo TEAL_DOWNLOADS=\"$TEAL_DOWNLOADS\" sh",
            .test("Tests/packages/walk.sh", words: "README.md")),
        UntypedBlock("README", "21:34:09 == switching     one rename", sample),
        UntypedBlock(
            "README",
            "Tests/run.sh         # everything that is tested, on real Docker and real nginx",
            .cannotBeTyped(
                "These are the tests themselves, and a demo that builds for minutes.")),
        UntypedBlock(
            "README", "swift build -c release --product teal",
            .cannotBeTyped(
                "It builds for many minutes; .ci/package does it for each release.")),
        UntypedBlock(
            "README", nil,
            .test("Tests/EndToEndTests/ReadmeStories.swift", words: "FirstPage(")),
    ]
}

extension Stories.ThirdLane.Documented {
    /// Leaves the blocks of the list, each of which must be there still.
    static func leave(_ reader: inout DocumentationReader) throws {
        for untyped in UntypedBlock.all {
            let found = reader.blocks.filter { block in
                block.page == untyped.page && untyped.line.map(block.lines.contains) ?? true
            }
            #expect(!found.isEmpty, "\(untyped) is no block that is left")
            if case .test(let file, let words) = untyped.why {
                #expect(try reader.story.source(file).contains(words), "\(file) has no \(words)")
            }
            reader.leave(found)
        }
    }
}
