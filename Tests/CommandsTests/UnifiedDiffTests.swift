import Testing

@testable import Commands

@Suite("Unified diffs")
struct UnifiedDiffTests {
    @Test("A change stands between three lines of either side")
    func change() {
        let before = (1...12).map { "\($0)\n" }.joined()
        let after = before.replacing("6\n", with: "six\n")
        #expect(
            UnifiedDiff(path: "/f", before: before, after: after).text == """
                --- /f
                +++ /f
                @@ -3,7 +3,7 @@
                 3
                 4
                 5
                -6
                +six
                 7
                 8
                 9

                """)
    }

    @Test("A file that comes or goes is shown against nothing")
    func wholeFiles() {
        #expect(
            UnifiedDiff(path: "/f", before: nil, after: "a\n\nb\n").text
                == "--- /dev/null\n+++ /f\n@@ -0,0 +1,3 @@\n+a\n+\n+b\n")
        #expect(
            UnifiedDiff(path: "/f", before: "a\n", after: nil).text
                == "--- /f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n")
    }

    @Test("Changes far apart stand in two hunks")
    func hunks() {
        let before = (1...20).map { "\($0)\n" }.joined()
        let after = "0\n" + before + "21\n"
        let text = UnifiedDiff(path: "/f", before: before, after: after).text
        #expect(text.contains("@@ -1,3 +1,4 @@\n+0\n 1\n"))
        #expect(text.contains("@@ -18,3 +19,4 @@\n 18\n 19\n 20\n+21\n"))
    }
}
