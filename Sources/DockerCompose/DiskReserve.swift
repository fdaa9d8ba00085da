import BlueGreen
import HostSystem

/// What must stay free where Docker keeps its images: a disk that is full stops the colour that
/// has traffic, too.
struct DiskReserve: Sendable {
    let folder: String
    let reserve: ByteCount

    /// nil where nothing was asked for, or where the daemon's disk is not this host's.
    static func find(_ settings: ComposeEngine.Settings) async throws -> DiskReserve? {
        guard let reserve = settings.diskReserve else { return nil }
        switch settings.api.endpoint {
        case .tcp: return nil
        case .socket:
            let folder = try await settings.api.information().rootFolder
            guard FileSystem().isFolder(folder) else { return nil }
            return DiskReserve(folder: folder, reserve: reserve)
        }
    }

    /// - Parameter need: what the image is expected to take.
    func checkBefore(_ service: String, need: ByteCount) throws {
        try check(service, .before, free: FileSystem().freeSpace(at: folder), need: need)
    }

    func checkAfter(_ service: String) throws {
        try check(service, .after, free: FileSystem().freeSpace(at: folder), need: .zero)
    }

    /// - Throws: `DockerComposeError.diskFull`.
    func check(
        _ service: String, _ moment: DiskShortage.Moment, free: ByteCount, need: ByteCount
    ) throws(DockerComposeError) {
        guard free - need < reserve else { return }
        throw .diskFull(
            DiskShortage(
                service: service, moment: moment, folder: folder, free: free, need: need,
                reserve: reserve))
    }
}
