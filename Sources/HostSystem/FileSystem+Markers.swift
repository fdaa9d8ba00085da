import Glibc

extension FileSystem {
    /// Leaves exactly these empty files in a folder among those whose names the filter takes.
    ///
    /// They are not synced to disk: a power cut may bring back the markers of before. So they suit
    /// only markers that lose their meaning by themselves.
    package func setMarkers(
        _ names: Set<String>, in folder: String, among isMarker: (String) -> Bool
    ) throws {
        let present = Set(try list(folder).filter(isMarker))
        for name in present.subtracting(names) {
            guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
                throw HostError.last(path: "\(folder)/\(name)", act: "remove")
            }
        }
        for name in names.subtracting(present) { try makeEmpty("\(folder)/\(name)") }
    }

    /// Makes an empty file that everyone may read, where there is none.
    package func makeEmpty(_ path: String) throws {
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw HostError.last(path: path, act: "create") }
        defer { close(descriptor) }
        // The umask may have taken bits away that others need.
        guard fchmod(descriptor, 0o644) == 0 else {
            throw HostError.last(path: path, act: "set the permissions of")
        }
    }
}
