import BlueGreen
import TestSupport
import Testing

@Suite("Moments and durations")
struct TimestampTests {
    @Test(
        "A moment is written in the UTC calendar",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399_999, "2000-02-28T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"), (1_795_210_445_000, "2026-11-20T21:34:05Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        ])
    func calendar(milliseconds: Int, text: String) {
        #expect(Timestamp(milliseconds: Int64(milliseconds)).rfc3339 == text)
    }

    @Test("A release's id is its UTC second and four hexadecimal digits")
    func releaseID() {
        let id = ReleaseID(at: Sample.moment, entropy: 0x3F)
        #expect(id.text == "20261120-213405-003f")
        #expect(ReleaseID(id.text) == id)
    }

    @Test(
        "A text without the shape of an id is no id",
        arguments: [
            "", "latest", "20261120-213405", "20261120-213405-3F9C", "../20261-213405-3f9c",
        ])
    func noReleaseID(text: String) {
        #expect(ReleaseID(text) == nil)
    }

    @Test(
        "A duration is written as a person would",
        arguments: [
            (Duration.milliseconds(350), "350 ms"), (.milliseconds(1200), "1.2 s"),
            (.seconds(2), "2 s"), (.seconds(120), "120 s"), (.seconds(600), "10 min"),
        ])
    func durations(duration: Duration, text: String) {
        #expect(duration.text == text)
    }
}
