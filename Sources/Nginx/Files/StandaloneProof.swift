import BlueGreen
import HostSystem

/// Proves generated files apart from all others, before they stand where nginx reads them: in a
/// hidden folder that no `include */http.conf` matches, behind a main file of their own. It has the
/// hash sizes of the real one, so that it takes the names that the real one takes.
struct StandaloneProof: Sendable {
    private let nginx: RunningNginx
    private let proof: AppPaths
    private let files = FileSystem()

    init(_ nginx: RunningNginx) {
        self.nginx = nginx
        proof = AppPaths(nginx.settings).proof
    }

    /// No service is called so.
    private var mainFile: String { proof.file(".main.conf") }

    /// - Throws: `NginxError.ownFilesRefused`, or `.notMounted` where the container does not see
    ///   what was written on the host.
    func prove(_ wanted: GeneratedFiles, facts: NginxFacts) async throws {
        // The remains of a crash are of no use.
        try files.removeTree(proof.folder)
        let refusal: String?
        do {
            try write(wanted, facts: facts)
            refusal = try await nginx.refusal(ofFile: mainFile)
        } catch {
            // The proof's failure is the news; a folder that stays is removed by the next one.
            try? files.removeTree(proof.folder)
            throw error
        }
        try files.removeTree(proof.folder)
        guard let refusal else { return }
        if let container = nginx.settings.container, refusal.contains("\(mainFile)\" f") {
            throw NginxError.notMounted(
                container: container.name, directory: nginx.settings.directory)
        }
        if refusal.contains("open() \"\(proof.watch.log)\" failed") {
            throw NginxError.logRefused(text: refusal)
        }
        throw NginxError.ownFilesRefused(text: refusal)
    }

    private func write(_ wanted: GeneratedFiles, facts: NginxFacts) throws {
        let real = AppPaths(nginx.settings).folder + "/"
        try files.makeFolder(proof.folder, access: .everyoneReads)
        for path in wanted.paths {
            if let slash = path.firstIndex(of: "/") {
                try files.makeFolder(proof.file(String(path[..<slash])), access: .everyoneReads)
            }
            let text = (wanted.texts[path] ?? "").replacing(real, with: proof.folder + "/")
            try AtomicFile.write(text, to: proof.file(path), access: .everyoneReads)
        }
        try files.replaceLink(at: proof.link, with: LinkState(.blue).name)
        try files.makeFolder(proof.watch.path, access: .everyoneReads)
        try AtomicFile.write(
            mainText(wanted, facts: facts), to: mainFile, access: .everyoneReads)
    }

    /// nginx makes its folders for temporary files even for a test, and gives them to its user;
    /// so they are never those of the running one.
    private func mainText(_ wanted: GeneratedFiles, facts: NginxFacts) -> String {
        let scratch =
            nginx.settings.container == nil
            ? proof.folder + "/" : "/tmp/teal-\(nginx.settings.app)-proof-"
        let modules = [
            ("proxy", "http_proxy_module"), ("fastcgi", "http_fastcgi_module"),
            ("uwsgi", "http_uwsgi_module"), ("scgi", "http_scgi_module"),
        ]
        let temporary = modules.filter { !facts.build.lacks($0.1) }
            .map { "    \($0.0)_temp_path \(scratch)\($0.0);\n" }.joined()
        let hashSizes = facts.hashSizes.map { "    \($0)\n" }.joined()
        let locations = (wanted.manifest?.blueprint.services ?? []).sorted().map {
            "        location /\($0)/ {\n            include \(proof.snippet(of: $0));\n        }\n"
        }
        return """
            pid /dev/null;
            error_log stderr;
            events {}
            http {
                access_log off;
            \(hashSizes)    client_body_temp_path \(scratch)body;
            \(temporary)    include \(proof.http);
                server {
                    listen \(nginx.settings.status);
                    server_name proof.invalid;
                    include \(proof.server);
            \(locations.joined())    }
            }

            """
    }
}
