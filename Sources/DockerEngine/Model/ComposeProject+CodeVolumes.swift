package import Orchestration

/// Named volumes over the code of an image. Docker fills a volume from the image only while it is
/// empty, so that every later release runs the files of the first.
extension ComposeProject {
    /// Those at the usual homes of code, and at the folder in which the image's program starts.
    ///
    /// - Parameter image: the service's; nil where it was not looked at.
    package func codeVolumes(
        of service: ComposeService, _ image: InspectedImage?
    ) -> [ServiceOutline.Mount] {
        guard !service.hasOthersImage else { return [] }
        let declared = Set((image?.volumes ?? []).map(Self.plain))
        return service.filledMounts.filter { mount in
            let target = Self.plain(mount.target)
            // An image's own word, or the folder's name, is that data belongs there.
            guard !declared.contains(target), !Self.isData(target), !isFilled(mount.source) else {
                return false
            }
            return Self.isHome(target)
                || image?.workingFolder.map { Self.contains(target, Self.plain($0)) } ?? false
        }
    }

    private static let homes = ["/var/www/html", "/app", "/usr/src/app"]

    /// A folder at the top of the file system holds more than code.
    private static func isHome(_ target: String) -> Bool {
        homes.contains(target)
            || target.split(separator: "/").count > 1 && homes.contains { contains(target, $0) }
    }

    private static func contains(_ folder: String, _ other: String) -> Bool {
        folder != "/" && other != "/" && "\(other)/".hasPrefix("\(folder)/")
    }

    private static let dataFolders: Set<String> = [
        "backups", "cache", "config", "data", "database", "db", "log", "logs", "media", "state",
        "storage", "uploads",
    ]

    private static func isData(_ target: String) -> Bool {
        let name = target.split(separator: "/").last.map(String.init) ?? ""
        return dataFolders.contains(name) || StoreFolders.all.contains(where: target.hasPrefix)
    }

    /// Whether a command of the compose file copies files, of a service that has the volume.
    private func isFilled(_ volume: String) -> Bool {
        services.contains { service in
            service.copiesFiles
                && service.mounts.contains {
                    $0.type == "volume" && $0.source == volume && $0.isWritable
                }
        }
    }

    private static func plain(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

extension ComposeService {
    /// The named volumes that Docker fills from the image.
    fileprivate var filledMounts: [ServiceOutline.Mount] {
        let entries = model["volumes"]?.array ?? []
        let unfilled = entries.filter {
            $0["volume"]?["nocopy"]?.bool == true || $0["volume"]?["subpath"]?.string != nil
        }.compactMap { $0["target"]?.string }
        return mounts.filter {
            $0.type == "volume" && !$0.source.isEmpty && !unfilled.contains($0.target)
        }
    }

    fileprivate var copiesFiles: Bool {
        let words = ["entrypoint", "command"].flatMap { key -> [String] in
            let value = model[key]
            return value?.array?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
        }
        let programs = words.flatMap {
            $0.split { $0.isWhitespace || ";&|()'\"`".contains($0) }.map(String.init)
        }
        return !Self.copying.isDisjoint(with: programs)
    }

    private static let copying: Set<String> = [
        "collectstatic", "cp", "git", "mv", "rsync", "tar", "unzip",
    ]

    /// One of Docker's own images, or one that is called after its owner: `nextcloud`,
    /// `espocrm/espocrm`. A place for code is one for data there.
    fileprivate var hasOthersImage: Bool {
        guard model["build"] == nil, let image = model["image"]?.string else { return false }
        let parts = ImageName(image).repository.split(separator: "/").map(String.init)
        guard let name = parts.last, let owner = parts.dropLast().last, owner != "library" else {
            return true
        }
        return name.hasPrefix(owner)
    }
}
