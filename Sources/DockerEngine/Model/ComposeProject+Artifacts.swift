package import BlueGreen
package import Orchestration

extension ComposeProject {
    /// The project with the images of the artifacts. A service that gets one is not built.
    ///
    /// - Throws: `ReleaseSourceError.unfit` with the line to mend, where an artifact does not fit
    ///   the services.
    package func taking(
        _ artifacts: [ImageArtifact], _ settings: [String: ServiceSettings]
    ) throws -> ComposeProject {
        guard !artifacts.isEmpty else { return self }
        var model = model
        var origins: [String: String] = [:]
        for artifact in artifacts {
            for (service, image) in try images(of: artifact, settings) {
                if let other = origins.updateValue(artifact.file, forKey: service) {
                    throw ReleaseSourceError.unfit(
                        reason: "\(other) and \(artifact.file) both have an image for \(service). "
                            + "Leave one `--artifact` out.")
                }
                model["services"]?[service]?["image"] = .string(image)
                model["services"]?[service]?["build"] = nil
                if model["services"]?[service]?["pull_policy"]?.string == "build" {
                    model["services"]?[service]?["pull_policy"] = nil
                }
            }
        }
        return ComposeProject(
            app: app, model: model, warnings: warnings, kinds: kinds, directory: directory)
    }

    private func images(
        of artifact: ImageArtifact, _ settings: [String: ServiceSettings]
    ) throws -> [(String, String)] {
        let file = artifact.file
        let all = serviceNames.joined(separator: ", ")
        switch artifact.content {
        case .each(let images):
            let unknown = images.keys.filter { !serviceNames.contains($0) }.sorted()
            guard unknown.isEmpty else {
                throw ReleaseSourceError.unfit(
                    reason: "\(file) names \(unknown.joined(separator: ", ")), which the compose "
                        + "file does not have. It has: \(all). Correct `name` in \(file).")
            }
            return images.sorted { $0.key < $1.key }
        case .one(let image, let service?):
            guard serviceNames.contains(service) else {
                throw ReleaseSourceError.unfit(
                    reason: "The compose file has no service \(service). It has: \(all). Correct "
                        + "`--artifact \(service)=\(file)`.")
            }
            return [(service, image)]
        case .one(let image, nil):
            let own = running(settings).map(\.name).filter { role(of: $0, settings) != .shared }
            guard own.count == 1 else {
                let example = own.first ?? serviceNames.first ?? "web"
                throw ReleaseSourceError.unfit(
                    reason: "\(file) has one image and this release has \(own.count) services"
                        + (own.isEmpty ? "" : ": \(own.joined(separator: ", "))")
                        + ". Say whose it is: `--artifact \(example)=\(file)`, once for each "
                        + "service that runs it.")
            }
            return [(own[0], image)]
        }
    }
}
