/// A warning that `teal init` and the checks of a release tell alike.
extension [ServiceOutline.Mount] {
    /// nil where there are none.
    ///
    /// - Parameter service: one of which each colour has its own.
    package func sourceWarning(of service: String) -> String? {
        let sentences = [folderWarning, volumeWarning].compactMap(\.self)
        return sentences.isEmpty ? nil : "\(service): \(sentences.joined(separator: " "))"
    }

    private var folderWarning: String? {
        places(of: "bind").map { places in
            "both colours run the same files of the host, \(places); a deploy does "
                + "not bring others, and a rollback does not bring the old ones back. Put them into "
                + "the image, and leave the mount out."
        }
    }

    private var volumeWarning: String? {
        places(of: "volume").map { places in
            "the files of the image are hidden by a volume that both colours have, \(places). "
                + "Docker fills a volume from the image only while it is empty: a deploy does not "
                + "bring other files, and a rollback does not bring the old ones back. The code "
                + "belongs into the image: leave the mount out, and give a volume only to folders "
                + "of data, such as `uploads`. A volume by which another service gets files, such "
                + "as `static`, must be filled by a command at each start."
        }
    }

    /// nil where there are none.
    private func places(of type: String) -> String? {
        let own = filter { $0.type == type }
        guard !own.isEmpty else { return nil }
        return own.map { "\($0.source) at \($0.target)" }.joined(separator: ", ")
    }
}
