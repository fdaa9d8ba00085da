import Testing

@testable import Commands
@testable import Orchestration

@Suite("The words of teal down")
struct DownTextTests {
    private static let volume = UnnamedVolume(
        service: "db", id: "3f2a", target: "/var/lib/postgresql/data")

    private func lines(
        _ volumes: AppDeployer.VolumeFate, left: [UnnamedVolume]
    ) -> [String] {
        DownText(
            app: "shop", volumes: volumes, AppDeployer.Remains(router: nil, volumes: left)
        ).lines
    }

    @Test("Named volumes are kept, or gone, in one sentence")
    func named() {
        let end = "The app shop is down: its containers and networks are gone"
        #expect(lines(.kept, left: []) == ["\(end); its named volumes are kept."])
        #expect(lines(.removed, left: []) == ["\(end), and so are its volumes."])
    }

    @Test("Of data in a volume without a name its place and the way back to it are told")
    func unnamed() {
        let lines = lines(.kept, left: [Self.volume])
        #expect(lines.count == 2)
        #expect(
            lines.last?.hasPrefix("db had its data at /var/lib/postgresql/data in a volume without")
                == true)
        #expect(lines.last?.contains("`docker volume rm 3f2a` removes it") == true)
    }
}
