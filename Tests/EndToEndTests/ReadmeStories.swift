import BlueGreen
import FoundationEssentials
import HostSystem
import TestSupport
import Testing

extension Stories.FirstLane {
    /// The README's first page is typed as it stands. Names of places and images differ here, and
    /// sudo is left out; the lines do not.
    @Suite("The README")
    struct Readme {
        @Test("Its first page leads from a compose file to a rollback")
        func firstPage() async throws {
            try await Story.tell("readme") { story in
                let page = FirstPage(try story.source("README.md"), for: story)
                let blocks = page.blocks
                try story.write(try #require(blocks["compose.yml"]), to: "compose.yml")
                #expect(page.text.contains("`include /etc/nginx/teal/*/http.conf;`"))

                let begin = try #require(page.commands.first)
                for line in begin {
                    let result = try await story.shell(page.script(line), [], page.environment)
                    #expect(result.succeeded, "\(line): \(result.standardError)")
                    guard line.hasPrefix("teal init") else { continue }
                    let written = try FileSystem().readText("\(story.folder)/teal.yml")
                    try story.write(written + "\n" + page.place, to: "teal.yml")
                }
                #expect(begin.contains { $0.contains("teal check") })
                try story.write(try #require(blocks["shop.conf"]), to: "nginx/site/readme.conf")

                let site = page.commands[1]
                #expect(site.count == 2 && page.commands.count == 3)
                for line in site {
                    let result = try await story.shell(page.script(line), [], page.environment)
                    #expect(result.succeeded, "\(line): \(result.standardError)")
                    // For a moment after a reload the workers of before answer.
                    try await story.untilVersion("v1")
                }

                let next = try #require(page.commands.last)
                #expect(next.count == 4)
                for line in next {
                    let result = try await story.shell(page.script(line), [], page.environment)
                    #expect(result.succeeded, "\(line): \(result.standardError)")
                    if line.contains("teal deploy") { try await story.untilVersion("v2") }
                }
                #expect(next.last == "teal rollback")
                try await story.untilVersion("v1")
            }
        }
    }
}

/// The blocks of the README's section "Begin", with this story's places in them.
private struct FirstPage {
    let text: String
    private let story: Story

    init(_ readme: String, for story: Story) {
        self.story = story
        let begin = readme.components(separatedBy: "\n## Begin\n").last ?? ""
        text = begin.components(separatedBy: "\n## ")[0]
    }

    /// The fenced blocks of a language, each without its indentation.
    private func fenced(_ language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().map { rest in
            let lines = rest.components(separatedBy: "```")[0].components(separatedBy: "\n")
            return lines.map { $0.hasPrefix("   ") ? String($0.dropFirst(3)) : $0 }
                .joined(separator: "\n")
        }
    }

    /// Files by the last part of the name that their first line tells.
    var blocks: [String: String] {
        var blocks: [String: String] = [:]
        for block in fenced("yaml") + fenced("nginx") {
            guard let first = block.components(separatedBy: "\n").first, first.hasPrefix("# ")
            else { continue }
            let name = first.dropFirst(2).components(separatedBy: "/").last ?? ""
            blocks[name] = name == "shop.conf" ? insideServer(here(block)) : here(block)
        }
        return blocks
    }

    /// The story's nginx has a server block, which these lines go into.
    private func insideServer(_ site: String) -> String {
        site.components(separatedBy: "\n")
            .filter { $0.hasPrefix("    ") && !$0.contains("listen ") && !$0.contains("_name ") }
            .joined(separator: "\n")
    }

    /// The shell's lines, block by block, without sudo and remarks.
    var commands: [[String]] {
        fenced("sh").filter { !$0.contains("install.sh") }.map { block in
            here(block).components(separatedBy: "\n").map { line in
                let words = line.components(separatedBy: " #")[0].split(separator: " ")
                return words.filter { $0 != "sudo" }.joined(separator: " ")
            }.filter { !$0.isEmpty && !$0.hasPrefix("cd ") }
        }
    }

    private func here(_ block: String) -> String {
        block.replacing("/etc/nginx/teal/shop/", with: "\(story.folder)/nginx/teal/\(story.app)/")
            .replacing("registry.example/shop:", with: "teal/demo-shop:")
            .replacing("postgres:17", with: "teal/demo-shop:v1")
            .replacing("nginx -s", with: "nginx -c \(story.folder)/nginx/nginx.conf -s")
            .replacing("http://127.0.0.1/", with: "http://127.0.0.1:\(story.port)/")
            .replacing("1.4.0", with: "v1").replacing("1.4.1", with: "v2")
    }

    func script(_ line: String) -> String {
        "cd '\(story.folder)' && teal() { \"$0\" \"$@\"; } && \(line)"
    }

    /// The app would be called as its folder is.
    var environment: [String: String] { ["COMPOSE_PROJECT_NAME": story.app] }

    /// Where this story's nginx is; a host's own is found by itself.
    var place: String {
        """
        nginx:
          directory: \(story.folder)/nginx/teal
          config: \(story.folder)/nginx/nginx.conf
          status: 127.0.0.1:\(story.statusPort)
        bake: {for: 0s}
        drain: 5s
        """
    }
}
