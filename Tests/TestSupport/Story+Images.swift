import HostSystem

extension Story {
    /// Makes images of the demo shop that are no other story's, one for each tag.
    package func makeImages(_ repository: String, tags: [String]) async throws {
        let container = "\(app)-pattern"
        try await docker("create", "--name", container, "teal/demo-shop:v1")
        for tag in tags {
            try await docker(
                "commit", "--change", "LABEL story=\(tag)", container, "\(repository):\(tag)")
        }
        try await docker("rm", container)
    }

    /// Runs `docker image prune`. Of `--all` the demo's own images are spared, which other stories
    /// need: they have a container meanwhile.
    package func pruneImages(_ options: [String]) async throws {
        try requireHost("pruning images")
        var holders: [String] = []
        for image in try await imageNames("teal/demo-shop") {
            holders.append(try await docker("create", image))
        }
        // Images of tests that run beside the stories would go too.
        let command = Command("docker", ["image", "prune", "--force"] + options)
        let result = try await DockerTurn.shared.hold(urgent: true) {
            try await tools.runner.run(command)
        }
        for holder in holders { try await docker("rm", holder) }
        guard result.succeeded else { throw StoryError.unexpected("docker image prune", result) }
    }

    /// Takes away all names of this repository, as someone does who has pushed them.
    package func removeImages(_ repository: String) async throws {
        for name in try await imageNames(repository) { try await docker("rmi", name) }
    }

    /// All names that images of this repository have.
    package func imageNames(_ repository: String) async throws -> [String] {
        try await docker("images", "--format", "{{.Repository}}:{{.Tag}}", repository)
            .split(separator: "\n").map(String.init).sorted()
    }
}
