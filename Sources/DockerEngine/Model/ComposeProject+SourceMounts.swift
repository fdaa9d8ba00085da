import HostSystem
package import Orchestration

/// Folders with the project's own source files that are mounted over the image's, as development
/// has it, and volumes over its code: the release is then what they have, and not the image.
extension ComposeProject {
    /// - Parameter image: the service's; nil where it was not looked at.
    package func sourceMounts(
        of service: ComposeService, _ image: InspectedImage? = nil
    ) -> [ServiceOutline.Mount] {
        service.mounts.filter { mount in
            mount.type == "bind" && [nil, .folder].contains(kinds[mount.source])
                && isSource(Self.plain(mount.source))
        } + codeVolumes(of: service, image)
    }

    /// The project's folder, what is built, a folder above both that lie side by side, or one named
    /// after its content.
    private func isSource(_ folder: String) -> Bool {
        guard folder != "/" else { return false }
        let contexts = services.compactMap { service in
            service.model["build"]?["context"]?.string ?? service.model["build"]?.string
        }.filter { $0.hasPrefix("/") }.map(Self.plain)
        if folder == directory || contexts.contains(folder) { return true }
        guard let directory else { return false }
        if directory.hasPrefix(folder + "/") {
            return contexts.contains {
                $0.hasPrefix(folder + "/") && !($0 + "/").hasPrefix(directory + "/")
            }
        }
        let name = folder.split(separator: "/").last.map(String.init) ?? ""
        return folder.hasPrefix(directory + "/") && Self.sourceFolders.contains(name)
    }

    private static let sourceFolders: Set<String> = ["app", "code", "source", "src"]

    private static func plain(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
