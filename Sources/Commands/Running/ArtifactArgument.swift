import ArgumentParser
import BlueGreen
import FoundationEssentials
import HostSystem
import Orchestration

/// `imageDetail.json` or `web=imageDetail.json` on the command line.
struct ArtifactArgument: ExpressibleByArgument {
    /// As it was given.
    let text: String
    private let service: String?
    private let file: String

    /// A pipeline's file is a few hundred bytes.
    private static let largestFile = ByteCount.mebibytes(1)

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        text = argument
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // `./a=b.json` is a file.
        if parts.count == 2, StrictGrammar.serviceName.accepts(String(parts[0])) {
            service = String(parts[0])
            file = String(parts[1])
        } else {
            service = nil
            file = argument
        }
        if file.isEmpty { return nil }
    }

    /// - Parameter directory: relative paths count from here.
    /// - Throws: `CommandsError.artifact`, with the line to mend.
    func read(from directory: String) throws(CommandsError) -> ImageArtifact {
        let path = ConfigurationFile.absolute(file, from: directory)
        let files = FileSystem()
        guard files.exists(path) else {
            throw wrong("\(path) does not exist. Correct the path, or leave --artifact out.")
        }
        if let reason = files.unfitness(of: path, atMost: Self.largestFile) {
            throw wrong("\(path) cannot be read: \(reason). Correct the path.")
        }
        let text: String
        do {
            text = try files.readText(path)
        } catch {
            throw wrong("\(path) cannot be read: \(error)")
        }
        return ImageArtifact(file: file, content: try content(of: text))
    }

    private func content(of text: String) throws(CommandsError) -> ImageArtifact.Content {
        let data = Data(text.utf8)
        if let detail = try? JSONDecoder().decode(Detail.self, from: data) {
            return .one(try checked(detail.image), service: service)
        }
        guard let list = try? JSONDecoder().decode([Definition].self, from: data), !list.isEmpty
        else {
            // The decoder's own words name its types, not the file's lines.
            throw wrong(
                "it is neither {\"ImageURI\": \"IMAGE\"} (imageDetail.json) nor "
                    + "[{\"name\": \"SERVICE\", \"imageUri\": \"IMAGE\"}] (imagedefinitions.json). "
                    + "Correct the step of the pipeline that writes it.")
        }
        if let service {
            throw wrong(
                "it says itself whose images they are. Leave the service out: "
                    + "`--artifact \(ShellWord.quoted(file))`; `\(service)=` is for one ImageURI.")
        }
        var images: [String: String] = [:]
        for definition in list {
            let image = try checked(definition.imageUri)
            guard images.updateValue(image, forKey: definition.name) == nil else {
                throw wrong(
                    "it names \(Self.shown(definition.name)) twice. Remove one of the two entries.")
            }
        }
        return .each(images)
    }

    private func checked(_ image: String) throws(CommandsError) -> String {
        guard StrictGrammar.image.accepts(image) else {
            throw wrong(
                "\(Self.shown(image)) is not \(StrictGrammar.image.name). Correct the image there.")
        }
        return image
    }

    private static func shown(_ text: String) -> String {
        "\"\(PrintableText(text).cut(toBytes: 80))\""
    }

    private func wrong(_ reason: String) -> CommandsError {
        .artifact(file: file, reason: reason)
    }

    /// As CodePipeline's source action for ECR writes it, or a build for CodeDeploy:
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
    private struct Detail: Decodable {
        let image: String

        enum CodingKeys: String, CodingKey {
            case image = "ImageURI"
        }
    }

    /// An entry of `imagedefinitions.json`.
    private struct Definition: Decodable {
        let name: String
        let imageUri: String
    }
}
