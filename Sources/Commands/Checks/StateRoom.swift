import BlueGreen
import HostSystem

/// The room that is left for Teal's records.
struct StateRoom: Sendable {
    /// A release with its record and the log of its run takes less.
    static let needed = ByteCount.mebibytes(2)
    static let neededFiles = 64
    /// A few dozen deployments.
    static let comfortable = ByteCount.mebibytes(64)
    static let comfortableFiles = 1024

    private let folder: String
    private let free: Result<(space: ByteCount, files: Int?), any Error>

    /// - Parameters:
    ///   - folder: the app's.
    ///   - path: the folder, or the nearest one above that exists.
    init(folder: String, existing path: String) {
        self.folder = folder
        free = Result {
            (try FileSystem().freeSpace(at: path), try FileSystem().freeFiles(at: path))
        }
    }

    init(folder: String, space: ByteCount, files: Int?) {
        self.folder = folder
        free = .success((space, files))
    }

    var item: CheckItem {
        switch free {
        case .failure(let error): CheckItem(name: "state", level: .fail, text: "\(error)")
        case .success(let (space, files)): item(space, files)
        }
    }

    private func item(_ space: ByteCount, _ files: Int?) -> CheckItem {
        let left = "\(space.text)" + (files.map { " and \($0) files" } ?? "")
        let remedy = " Free some: `teal clean` removes what no release needs."
        if space < Self.needed || files.map({ $0 < Self.neededFiles }) ?? false {
            return CheckItem(
                name: "state", level: .fail,
                text: "\(folder) has no room for a release's record: \(left) are left, and "
                    + "\(Self.needed.text) and \(Self.neededFiles) files are needed." + remedy)
        }
        if space < Self.comfortable || files.map({ $0 < Self.comfortableFiles }) ?? false {
            return CheckItem(
                name: "state", level: .warn,
                text: "\(folder) can be written, but only \(left) are left." + remedy)
        }
        return CheckItem(
            name: "state", level: .ok, text: "\(folder) can be written; \(left) are left")
    }
}
