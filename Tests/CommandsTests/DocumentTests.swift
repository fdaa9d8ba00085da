import FoundationEssentials
import HostSystem
import Testing

@testable import Commands

/// A document that `--json` prints, made from fixed values.
struct DocumentSample: Sendable, CustomTestStringConvertible {
    let name: String
    private let document: @Sendable () throws -> any Encodable

    init(_ name: String, _ document: @escaping @autoclosure @Sendable () throws -> any Encodable) {
        self.name = name
        self.document = document
    }

    var text: String {
        get throws { try JSONText.of(try document()) }
    }

    var testDescription: String { name }
}

/// After a change that is wanted, `TEAL_WRITE_DOCUMENTS=1 swift test --filter DocumentTests` writes
/// the golden documents and their quotations anew.
@Suite("The documents that --json prints")
struct DocumentTests {
    private static let page = "Sources/Commands/Teal.docc/JSON.md"
    private static let writes = ProcessInformation.environment["TEAL_WRITE_DOCUMENTS"] != nil

    @Test("Each document is its golden document", arguments: DocumentSamples.all)
    func golden(_ sample: DocumentSample) throws {
        let path = Repository.path("Tests/CommandsTests/Documents/\(sample.name).json")
        let text = try sample.text
        if Self.writes { try AtomicFile.write(text, to: path, access: .everyoneReads) }
        #expect(try FileSystem().readText(path) == text)
    }

    @Test("Each golden document has a sample", .disabled(if: Self.writes))
    func samples() throws {
        let folder = Repository.path("Tests/CommandsTests/Documents")
        let names = DocumentSamples.all.map { "\($0.name).json" }
        #expect(try FileSystem().list(folder).sorted() == names.sorted())
    }

    @Test("JSON.md quotes each golden document, in the order of the samples")
    func quotations() throws {
        let path = Repository.path(Self.page)
        let page = try FileSystem().readText(path)
        let parts = page.components(separatedBy: "```json\n")
        try #require(parts.count == DocumentSamples.all.count + 1)
        var written = parts[0]
        for (sample, part) in zip(DocumentSamples.all, parts.dropFirst()) {
            let end = try #require(part.firstRange(of: "```"))
            let text = try sample.text
            if !Self.writes { #expect(part[..<end.lowerBound] == text, "\(sample.name)") }
            written += "```json\n" + text + part[end.lowerBound...]
        }
        if Self.writes { try AtomicFile.write(written, to: path, access: .everyoneReads) }
    }
}
