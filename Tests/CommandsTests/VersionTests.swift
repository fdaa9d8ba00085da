import Testing

@testable import Commands

@Suite("The answer of --version")
struct VersionTests {
    @Test("A release says its commit and the day of its sources")
    func release() {
        #expect(
            Version.text(commit: "0a1b2c3d4e5f", date: "2026-11-27")
                == "\(Version.number) (commit 0a1b2c3d4e5f, built from sources of 2026-11-27)")
    }

    @Test("A program of `swift build` says that it is none")
    func development() {
        #expect(Version.text(commit: nil, date: nil) == "\(Version.number) (development build)")
    }
}
