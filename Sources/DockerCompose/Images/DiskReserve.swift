import BlueGreen
import DockerEngine
import HostSystem

/// The space that must stay free where Docker keeps its images: a disk that is full stops the
/// colour that has traffic, too.
struct DiskReserve: Sendable {
    /// They may be on file systems of their own.
    let folders: [String]
    let reserve: ByteCount

    /// nil where nothing was asked for, or where the daemon's disk is not this host's.
    static func find(_ settings: ComposeEngine.Settings) async throws -> DiskReserve? {
        guard let reserve = settings.diskReserve else { return nil }
        switch settings.api.endpoint {
        case .tcp: return nil
        case .socket:
            let folders = try await settings.api.information().folders
                .filter { FileSystem().isFolder($0) }
            return folders.isEmpty ? nil : DiskReserve(folders: folders, reserve: reserve)
        }
    }

    /// The folder with the least room.
    static func tightest(of folders: [String]) throws -> (folder: String, free: ByteCount)? {
        try folders.map { (folder: $0, free: try FileSystem().freeSpace(at: $0)) }
            .min { $0.free < $1.free }
    }

    /// - Parameter need: what the image is expected to take.
    func checkBefore(_ service: String, need: ByteCount) throws {
        try check(service, .before, Self.tightest(of: folders), need: need)
    }

    func checkAfter(_ service: String) throws {
        try check(service, .after, Self.tightest(of: folders), need: .zero)
    }

    /// - Throws: `DockerError.diskFull`.
    func check(
        _ service: String, _ moment: DiskShortage.Moment,
        _ tightest: (folder: String, free: ByteCount)?, need: ByteCount
    ) throws(DockerError) {
        guard let (folder, free) = tightest, free - need < reserve else { return }
        throw .diskFull(
            DiskShortage(
                service: service, moment: moment, folder: folder, free: free, need: need,
                reserve: reserve))
    }
}
