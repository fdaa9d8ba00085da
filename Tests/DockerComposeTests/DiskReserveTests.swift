@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import Testing

struct DiskReserveTests {
    private let disk = DiskReserve(folders: ["/var/lib/docker"], reserve: .mebibytes(1024))

    private func refusal(
        _ moment: DiskShortage.Moment, free: Int64, need: Int64
    ) -> DockerError? {
        do throws(DockerError) {
            try disk.check(
                "web", moment, (folder: "/var/lib/docker", free: .mebibytes(free)),
                need: .mebibytes(need))
            return nil
        } catch {
            return error
        }
    }

    @Test("An image may take what is free beyond the reserve, and no more")
    func bound() {
        #expect(refusal(.before, free: 1144, need: 120) == nil)
        #expect(refusal(.before, free: 1143, need: 120) != nil)
        #expect(refusal(.before, free: 1024, need: 0) == nil)
        #expect(refusal(.after, free: 1023, need: 0) != nil)
    }

    @Test("The refusal has the figures in MB, the folder and the next move")
    func words() {
        let next =
            " Nothing was started. `teal clean` shows what Teal can remove, `docker system "
            + "df` what else takes the room."
        #expect(
            refusal(.before, free: 900, need: 120)?.description
                == "There is no room for the image of web: it takes about 120 MB, /var/lib/docker "
                + "has 900 MB free, and 1024 MB must stay free there (`disk: {reserve}`)." + next)
        #expect(
            refusal(.before, free: 900, need: 0)?.description
                == "There is no room for the image of web: /var/lib/docker has 900 MB free, and "
                + "1024 MB must stay free there (`disk: {reserve}`)." + next)
        #expect(
            refusal(.after, free: 900, need: 0)?.description
                == "The image of web left 900 MB free in /var/lib/docker, and 1024 MB must stay "
                + "free there (`disk: {reserve}`). It was given up again." + next)
    }
}
