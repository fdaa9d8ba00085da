@testable import DockerEngine
import FoundationEssentials

@testable import DockerCompose

extension ListedContainer {
    /// A container as the engine lists it.
    ///
    /// - Parameter mounts: volumes by name and folders by path, writable.
    static func sample(
        _ name: String, labels: [String: String] = [:], state: String = "running",
        mounts: [String] = [], readOnly: [String] = []
    ) throws -> ListedContainer {
        let mounted =
            mounts.map { mount($0, isWritable: true) }
            + readOnly.map { mount($0, isWritable: false) }
        let value: JSONValue = [
            "Id": .string("id-\(name)"), "Names": [.string("/\(name)")], "ImageID": "i",
            "State": .string(state), "Status": "",
            "Labels": .object(labels.mapValues(JSONValue.string)), "Mounts": .array(mounted),
        ]
        return try JSONDecoder().decode(
            ListedContainer.self, from: Data(try value.serialized().utf8))
    }

    private static func mount(_ place: String, isWritable: Bool) -> JSONValue {
        place.hasPrefix("/")
            ? ["Type": "bind", "Source": .string(place), "RW": .bool(isWritable)]
            : [
                "Type": "volume", "Name": .string(place), "Source": "", "RW": .bool(isWritable),
            ]
    }
}

extension ListedVolume {
    /// As the local driver keeps it.
    static func sample(
        _ name: String, labels: [String: String] = [:], device: String? = nil
    ) -> ListedVolume {
        ListedVolume(
            name: name, mountpoint: "/var/lib/docker/volumes/\(name)/_data", labels: labels,
            options: device.map { ["type": "none", "o": "bind", "device": $0] })
    }
}
