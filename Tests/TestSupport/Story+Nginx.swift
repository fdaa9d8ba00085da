import HostSystem

extension Story {
    private var containerName: String { "\(app)-nginx" }

    /// Starts the story's nginx in a container, published on the story's port, in place of the one
    /// on the host. Its configuration is the one that the host's had.
    ///
    /// - Returns: the container's name.
    @discardableResult
    package func startContainerNginx() async throws -> String {
        try await tools.script("Tests/nginx-image.sh", "teal-test/nginx:host")
        try writeContainerConfiguration()
        try await docker(
            "run", "--detach", "--name", containerName,
            "--publish", "127.0.0.1:\(port):\(port)",
            "--volume", "\(folder)/nginx:\(folder)/nginx",
            "teal-test/nginx:host", "-c", "\(folder)/nginx/nginx.conf")
        return containerName
    }

    /// `openSite` for the nginx in a container.
    package func openContainerSite(service: String = "web") async throws {
        try writeSite(service: service)
        let reload = ["nginx", "-c", "\(folder)/nginx/nginx.conf", "-s", "reload"]
        try await renewWorkers(
            listedBy: containerWorkers,
            reloading: { try await docker(["exec", containerName] + reload) })
    }

    private func containerWorkers() async throws -> [String] {
        try await docker("top", containerName, "-o", "pid,ppid,args").split(separator: "\n")
            .filter { $0.contains("nginx: worker process") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    /// The mistake of many: each file of Teal's is mounted by itself.
    package func startContainerNginx(mountingSingleFilesOf app: String) async throws {
        let inner = "\(folder)/nginx"
        try await docker(
            "create", "--name", containerName, "--publish", "127.0.0.1:\(port):\(port)",
            "--volume", "\(inner)/nginx.conf:\(inner)/nginx.conf",
            "--volume", "\(inner)/site:\(inner)/site", "--volume", "\(inner)/http:\(inner)/http",
            "--volume", "\(inner)/temporary:\(inner)/temporary",
            "--volume", "\(inner)/logs:\(inner)/logs",
            "--volume", "\(inner)/teal/\(app)/http.conf:\(inner)/teal/\(app)/http.conf",
            "--volume", "\(inner)/teal/\(app)/server.conf:\(inner)/teal/\(app)/server.conf",
            "--volume", "\(inner)/teal/\(app)/web.conf:\(inner)/teal/\(app)/web.conf",
            "--volume", "\(inner)/teal/\(app)/blue:\(inner)/teal/\(app)/blue",
            "--volume", "\(inner)/teal/\(app)/green:\(inner)/teal/\(app)/green",
            "teal-test/nginx:host", "-c", "\(inner)/nginx.conf")
        for colour in ["blue", "green"] {
            try await docker("network", "connect", "\(app)-\(colour)", containerName)
        }
        try await docker("start", containerName)
    }

    /// The configuration of `host_start_nginx`, on every address and in the foreground.
    private func writeContainerConfiguration() throws {
        let text = try nginxConfiguration()
            .replacing("listen 127.0.0.1:\(port);", with: "listen \(port);")
            .replacing(
                "error_log \(folder)/nginx/logs/error.log notice;", with: "error_log stderr;")
        try write(text, to: "nginx/nginx.conf")
    }
}

extension Story {
    /// Runs the body while another program listens on a port of loopback, which it is told.
    package func withTakenPort(_ body: (Int) async throws -> Void) async throws {
        let port = try tools.freePort()
        let other = folder + "/other"
        try await tools.host("host_start_nginx", other, "\(port)")
        do {
            try await body(port)
        } catch {
            try await tools.host("host_stop_nginx", other)
            throw error
        }
        try await tools.host("host_stop_nginx", other)
    }
}
