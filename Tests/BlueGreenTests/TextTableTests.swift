import BlueGreen
import Testing

@Suite("A table of text")
struct TextTableTests {
    @Test("Its columns line up, and no line ends with a space")
    func columns() {
        let table = TextTable([
            ["name", "size", ""], ["web", "12K", "here"], ["catalog", "", ""],
        ])
        #expect(table.lines == ["name     size", "web      12K   here", "catalog"])
    }

    @Test("Figures line up at their right end, behind the indentation")
    func figures() {
        let table = TextTable(
            [["service", "MB", "from"], ["web", "128", "it"], ["api", "9", "us"]], figures: [1],
            indent: 2)
        #expect(
            table.lines == ["  service   MB  from", "  web      128  it", "  api        9  us"])
    }

    @Test("A table without rows has no lines")
    func empty() {
        #expect(TextTable([]).lines.isEmpty)
    }
}
