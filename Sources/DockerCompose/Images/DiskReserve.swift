package import BlueGreen
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

    /// - Throws: `DockerComposeError.diskFull`.
    func check(
        _ service: String, _ moment: DiskShortage.Moment,
        _ tightest: (folder: String, free: ByteCount)?, need: ByteCount
    ) throws(DockerComposeError) {
        guard let (folder, free) = tightest, free - need < reserve else { return }
        throw .diskFull(
            DiskShortage(
                service: service, moment: moment, folder: folder, free: free, need: need,
                reserve: reserve))
    }
}

/// Too little room for images, with figures.
package struct DiskShortage: Hashable, Sendable, CustomStringConvertible {
    package enum Moment: Hashable, Sendable {
        /// Nothing was fetched yet for this service.
        case before
        /// The image is there and was given up again.
        case after
    }

    /// Whose image it is about.
    package let service: String
    package let moment: Moment
    /// Where Docker keeps its images.
    package let folder: String
    package let free: ByteCount
    /// The expected size of the image: that of the one that the service had before.
    package let need: ByteCount
    package let reserve: ByteCount

    package init(
        service: String, moment: Moment, folder: String, free: ByteCount, need: ByteCount,
        reserve: ByteCount
    ) {
        self.service = service
        self.moment = moment
        self.folder = folder
        self.free = free
        self.need = need
        self.reserve = reserve
    }

    package var description: String {
        let held = "\(reserve.wholeMebibytes) MB must stay free there (`disk: {reserve}`)"
        let found =
            switch moment {
            case .before where need == .zero:
                "There is no room for the image of \(service): \(folder) has "
                    + "\(free.wholeMebibytes) MB free, and \(held)."
            case .before:
                "There is no room for the image of \(service): it takes about "
                    + "\(need.wholeMebibytes) MB, \(folder) has \(free.wholeMebibytes) MB free, "
                    + "and \(held)."
            case .after:
                "The image of \(service) left \(free.wholeMebibytes) MB free in \(folder), and "
                    + "\(held). It was given up again."
            }
        return found + " Nothing was started. `teal clean` shows what Teal can remove, "
            + "`docker system df` what else takes the room."
    }
}
