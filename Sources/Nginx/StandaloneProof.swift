import BlueGreen
import HostSystem

/// Proves generated files apart from all others, before they stand where nginx reads them: in a
/// hidden folder that no `include */http.conf` matches, behind a main file of their own.
struct StandaloneProof: Sendable {
    private let nginx: RunningNginx
    private let folder: String
    private let files = FileSystem()

    init(_ nginx: RunningNginx) {
        self.nginx = nginx
        folder = "\(nginx.settings.directory)/.\(nginx.settings.app).proof"
    }

    /// - Throws: `NginxError.ownFilesRefused`, or `.notMounted` where the container does not see
    ///   what was written on the host.
    func prove(_ wanted: GeneratedFiles, build: NginxBuild) async throws {
        // What a crash has left there is of no use.
        try files.removeTree(folder)
        let complaint: String?
        do {
            try write(wanted, build: build)
            complaint = try await nginx.complaint(about: "\(folder)/nginx.conf")
        } catch {
            // The proof's failure is the news; a folder that stays is removed by the next one.
            try? files.removeTree(folder)
            throw error
        }
        try files.removeTree(folder)
        guard let complaint else { return }
        if let container = nginx.settings.container, complaint.contains("\(folder)/nginx.conf\" f")
        {
            throw NginxError.notMounted(
                container: container.name, directory: nginx.settings.directory)
        }
        if complaint.contains("open() \"\(WatchFolder(appFolder: folder).log)\" failed") {
            throw NginxError.logRefused(text: complaint)
        }
        throw NginxError.ownFilesRefused(text: complaint)
    }

    private func write(_ wanted: GeneratedFiles, build: NginxBuild) throws {
        let real = "\(nginx.settings.directory)/\(nginx.settings.app)/"
        try files.makeFolder(folder, access: .everyoneReads)
        for path in wanted.paths {
            if let slash = path.firstIndex(of: "/") {
                try files.makeFolder("\(folder)/\(path[..<slash])", access: .everyoneReads)
            }
            let text = (wanted.texts[path] ?? "").replacing(real, with: folder + "/")
            try AtomicFile.write(text, to: "\(folder)/\(path)", access: .everyoneReads)
        }
        try files.replaceLink(at: "\(folder)/live", with: LinkState(.blue).name)
        try files.makeFolder(WatchFolder(appFolder: folder).path, access: .everyoneReads)
        try AtomicFile.write(
            mainFile(wanted, build: build), to: "\(folder)/nginx.conf", access: .everyoneReads)
    }

    /// nginx makes its folders for temporary files even for a test, and gives them to its user;
    /// so they are never those of the running one.
    private func mainFile(_ wanted: GeneratedFiles, build: NginxBuild) -> String {
        let scratch =
            nginx.settings.container == nil
            ? folder + "/" : "/tmp/teal-\(nginx.settings.app)-proof-"
        let modules = [
            ("proxy", "http_proxy_module"), ("fastcgi", "http_fastcgi_module"),
            ("uwsgi", "http_uwsgi_module"), ("scgi", "http_scgi_module"),
        ]
        let temporary = modules.filter { !build.lacks($0.1) }
            .map { "    \($0.0)_temp_path \(scratch)\($0.0);\n" }.joined()
        let locations = (wanted.manifest?.blueprint.services ?? []).map(\.name).sorted().map {
            "        location /\($0)/ {\n            include \(folder)/\($0).conf;\n        }\n"
        }
        return """
            pid /dev/null;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path \(scratch)body;
            \(temporary)    include \(folder)/http.conf;
                server {
                    listen \(nginx.settings.status);
                    server_name proof.invalid;
                    include \(folder)/server.conf;
            \(locations.joined())    }
            }

            """
    }
}
