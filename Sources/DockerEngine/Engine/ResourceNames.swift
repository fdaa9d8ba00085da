package import BlueGreen

/// Teal's names for things in Docker, and the labels by which it finds them again.
package enum ResourceNames {
    package static func project(_ app: String, _ colour: Colour) -> String {
        "\(app)-\(colour)"
    }

    /// A network of the compose file in a colour. An app's name has no `_`, so that it is no other
    /// app's.
    package static func network(_ app: String, _ colour: Colour, _ key: String) -> String {
        "\(project(app, colour))_\(key)"
    }

    package static func container(_ app: String, _ colour: Colour, _ replica: Replica) -> String {
        "\(app)-\(colour)-\(replica)"
    }

    /// The project of a container that runs nothing but a hook: it must not seem to be one of the
    /// colour's services.
    package static func hookProject(_ app: String, _ colour: Colour) -> String {
        "\(project(app, colour))-hook"
    }

    /// The project of the shared services: not `APP`, which a plain `docker compose up` in the
    /// user's folder takes for its own and would replace.
    package static func sharedProject(_ app: String) -> String {
        "\(app)-shared"
    }

    /// Every compose project that Teal has containers made in.
    package static func projects(_ app: String) -> Set<String> {
        Set(Colour.allCases.flatMap { [project(app, $0), hookProject(app, $0)] })
            .union([sharedProject(app)])
    }

    /// As Compose calls it in project `APP`: while it is there, Compose cannot make a second one.
    package static func sharedContainer(_ app: String, _ service: String) -> String {
        "\(app)-\(service)-1"
    }

    package static func imageRepository(_ app: String, _ service: String) -> String {
        "teal/\(app)/\(imageComponent(service))"
    }

    /// - Parameter registry: with a path or without, `registry.example:5000/shop`.
    package static func imageRepository(in registry: String, _ service: String) -> String {
        "\(registry)/\(imageComponent(service))"
    }

    package static func image(_ app: String, _ service: String, _ release: ReleaseID) -> String {
        "\(imageRepository(app, service)):\(release)"
    }

    /// An image's name knows lower case only, with single separators inside. Another service name
    /// keeps its letters and gets a digest of its spelling, so that two never become one.
    private static func imageComponent(_ service: String) -> String {
        let isPlain = service.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        if isPlain, service.first != "-", service.last != "-" { return service }
        let letters = service.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        var digest: UInt32 = 2_166_136_261
        for byte in service.utf8 { digest = (digest ^ UInt32(byte)) &* 16_777_619 }
        return "\(letters.isEmpty ? "x" : letters)-\(String(digest, radix: 16))"
    }
}

/// Labels on everything that Teal makes in Docker.
package enum ResourceLabel {
    package static let app = "teal.app"
    package static let colour = "teal.colour"
    package static let release = "teal.release"
    package static let service = "teal.service"
    package static let replica = "teal.replica"
    package static let role = "teal.role"
    /// The restart policy that a container gets once it has proved itself.
    package static let restart = "teal.restart"
    /// The value of `restart` where the user wrote none: the policy comes step by step.
    package static let usualRestart = "default"
    /// As `usualRestart`, where the compose file gives the image other words to run, as work that
    /// ends is run by the image of a server.
    package static let tentativeRestart = "tentative"
    package static let stepwiseRestarts = [usualRestart, tentativeRestart]
    /// The processor weight that a container gets once it has proved itself; missing where the
    /// user set one.
    package static let weight = "teal.weight"
    /// On a container that runs nothing but a hook: the service that it is made after.
    package static let hook = "teal.hook"
    /// The hooks of the compose file for the container, as JSON.
    package static let postStart = "teal.post_start"
    package static let preStop = "teal.pre_stop"
    /// Seconds that the container may take to end after SIGTERM.
    package static let grace = "teal.grace"
    /// On a shared service's container: the digest of the definition that it was made by.
    package static let definition = "teal.definition"
    /// On a config or a secret of a swarm that a compose file's has become: the digest of its
    /// content.
    package static let digest = "teal.digest"
    /// On a network: `fixed` once it has the subnet that it keeps.
    package static let subnet = "teal.subnet"
    /// On a network of the compose file: its name there.
    package static let network = "teal.network"
    /// On such a network: the digest of the properties that it was made with.
    package static let properties = "teal.properties"
}
