import Glibc
import SystemPackage

/// Files and folders that others are to read.
extension FileSystem {
    /// Mode and owner of a file or folder that not everyone may read, as `mode 0700, owner 0`; nil
    /// where everyone may, or where nothing is there. Symlinks are not looked at.
    package func closure(of path: String) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0, let wanted = Self.openMode(status) else { return nil }
        if status.st_mode & wanted == wanted { return nil }
        let mode = String(status.st_mode & 0o7777, radix: 8)
        return "mode \(String(repeating: "0", count: max(0, 4 - mode.count)))\(mode), "
            + "owner \(status.st_uid)"
    }

    /// Gives the file or folder the mode that it was made with. Root takes it back as well.
    package func openToAll(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0, let wanted = Self.openMode(status) else { return }
        if geteuid() == 0, status.st_uid != 0, lchown(path, 0, 0) != 0 {
            throw HostError.last(path: path, act: "take back")
        }
        guard chmod(path, wanted) == 0 else {
            throw HostError.last(path: path, act: "set the permissions of")
        }
    }

    private static func openMode(_ status: stat) -> mode_t? {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: FileAccess.everyoneReads.folderPermissions.rawValue
        case S_IFREG: FileAccess.everyoneReads.filePermissions.rawValue
        default: nil
        }
    }
}
