import FoundationEssentials
import HostSystem
import Testing

/// Files of this repository, named from its top level.
enum Repository {
    static func path(_ name: String) -> String {
        #filePath.components(separatedBy: "/").dropLast(3).joined(separator: "/") + "/" + name
    }
}

@Suite("The documentation")
struct DocumentationTests {
    private static let folder = "Sources/Commands/Teal.docc"

    private var pages: [String] {
        get throws {
            try FileSystem().list(Repository.path(Self.folder)).filter { $0.hasSuffix(".md") }
        }
    }

    @Test("Each link of the README and of the pages leads to a file, and to a heading in it")
    func links() throws {
        for page in try pages.map({ "\(Self.folder)/\($0)" }) + ["README.md"] {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for link in try links(in: page) {
                let target = link.path.isEmpty ? page : "\(folder)/\(link.path)"
                let path = Repository.path(target)
                #expect(FileManager.default.fileExists(atPath: path), "\(link) in \(page)")
                guard let heading = link.heading else { continue }
                #expect(try headings(in: target).contains(heading), "\(link) in \(page)")
            }
        }
    }

    @Test("The README links each page once, and so does the landing page")
    func index() throws {
        let articles = try pages.filter { $0 != "Teal.md" }.sorted()
        let readme = try links(in: "README.md").map(\.path).filter { $0.hasPrefix(Self.folder) }
        let own = ["\(Self.folder)/Teal.md"]
        #expect(readme.sorted() == (own + articles.map { "\(Self.folder)/\($0)" }).sorted())
        let landing = try links(in: "\(Self.folder)/Teal.md").map(\.path)
        #expect(landing.filter { !$0.hasPrefix("..") }.sorted() == articles)
    }

    @Test("Each page begins with a title and a sentence that sums it up")
    func heads() throws {
        for page in try pages {
            let text = try FileSystem().readText(Repository.path("\(Self.folder)/\(page)"))
            let paragraphs = text.components(separatedBy: "\n\n")
            #expect(paragraphs[0].hasPrefix("# "), "\(page)")
            #expect(paragraphs[1].hasSuffix("."), "\(page)")
        }
    }

    private struct Link: Hashable {
        /// Relative to the page; empty for the page itself.
        let path: String
        let heading: String?
    }

    private func links(in file: String) throws -> [Link] {
        try FileSystem().readText(Repository.path(file)).components(separatedBy: "](").dropFirst()
            .map { $0.prefix { $0 != ")" } }.filter { !$0.hasPrefix("http") }
            .map { text in
                let parts = text.split(separator: "#", omittingEmptySubsequences: false)
                return Link(
                    path: String(parts[0]), heading: parts.count > 1 ? String(parts[1]) : nil)
            }
    }

    /// As GitHub makes anchors of them.
    private func headings(in file: String) throws -> [String] {
        try FileSystem().readText(Repository.path(file)).split(separator: "\n")
            .filter { $0.hasPrefix("#") }
            .map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
                    .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            }
    }
}
