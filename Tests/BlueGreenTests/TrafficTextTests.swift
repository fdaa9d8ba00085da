import BlueGreen
import TestSupport
import Testing

@Suite("Where traffic is, in words")
struct TrafficTextTests {
    private static let release = ReleaseName(Sample.release(1), label: "v1")

    @Test("A colour is named with its release, where that is known")
    func colour() {
        #expect(Traffic.sentence(.blue) == "Traffic is on blue.")
        #expect(
            Traffic.clause(.green, release: Self.release)
                == "traffic is on green, release 20261120-213406-0001 (v1)")
    }

    @Test("That nobody has traffic is one sentence everywhere")
    func nobody() {
        #expect(Traffic.sentence(nil) == "No colour has traffic.")
        #expect(Traffic.sentence(nil, "; no more") == "No colour has traffic; no more.")
    }
}
