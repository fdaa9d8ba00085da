import HostSystem
import Testing

@Suite("Printable text")
struct PrintableTextTests {
    @Test(
        "Escapes and control characters are taken out, the rest stays",
        arguments: [
            ("plain äöü 日本 👩‍👩‍👧", "plain äöü 日本 👩‍👩‍👧"),
            ("\u{1B}[1;31mred\u{1B}[0m", "red"),
            ("\u{1B}]0;title\u{7}text", "text"),
            ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
            ("\u{1B}(Bcharset", "charset"),
            ("\u{1B}7saved\u{1B}8", "saved"),
            ("\u{9B}2Jeight bits", "eight bits"),
            ("a\tb\r\u{0}\u{8}c\u{7F}", "a bc"),
            ("right\u{202E}left", "rightleft"),
            ("two\nlines\u{2028}three", "twolinesthree"),
            ("cut off \u{1B}[3", "cut off "),
        ])
    func strips(text: String, expected: String) {
        #expect(PrintableText(text).text == expected)
    }

    @Test("Broken UTF-8 is repaired")
    func repairs() {
        #expect(PrintableText(bytes: [0x61, 0xFF, 0x62, 0xC3]).text == "a\u{FFFD}b\u{FFFD}")
    }

    @Test(
        "A cut falls between characters and is shown",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc..."), ("äöüäöü", 8, "äö..."),
            ("👩‍👩‍👧👩‍👩‍👧", 20, "..."), ("abcdef", 2, "ab"), ("abcdef", 0, ""),
        ])
    func cuts(text: String, limit: Int, expected: String) {
        let cut = PrintableText(text).cut(toBytes: limit)
        #expect(cut == expected)
        #expect(cut.utf8.count <= limit)
    }
}
