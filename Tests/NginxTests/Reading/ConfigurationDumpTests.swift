import HostSystem
import Testing

@testable import Nginx

@Suite("A configuration as nginx prints it")
struct ConfigurationDumpTests {
    private let printed = """
        # configuration file /etc/nginx/nginx.conf:
        user www-data; # not { this
        http {
            include mime.types;
            include conf.d/*.conf;
            log_format main '$a "{" ;' "x\\"y";
        }

        # configuration file /etc/nginx/mime.types:
        types { text/html html; }

        # configuration file /etc/nginx/conf.d/a.conf:
        server {
            listen 80;
            location ~ "^/x{2}$" { return 200 ${y}z; }
            include /etc/nginx/snippets/cache.conf;
        }
        server { listen 81; }

        # configuration file /etc/nginx/snippets/cache.conf:

        open_file_cache
            max=10;

        # configuration file /etc/nginx/conf.d/.hidden.conf:
        hidden on;


        """

    private var dump: ConfigurationDump { ConfigurationDump(printed) }

    private func directive(_ name: String) -> Directive? {
        dump.directives.first { $0.name == name }
    }

    @Test("A dump is cut into its files, byte for byte")
    func files() {
        #expect(dump.mainFile == "/etc/nginx/nginx.conf")
        #expect(dump.files["/etc/nginx/mime.types"] == "types { text/html html; }\n")
        #expect(dump.files["/etc/nginx/conf.d/.hidden.conf"] == "hidden on;\n")
    }

    @Test("A dump knows where a directive stands, through includes and over line breaks")
    func context() {
        let cache = directive("open_file_cache")
        #expect(cache?.context == ["http", "server"])
        #expect(cache?.place == "/etc/nginx/snippets/cache.conf:2")
        #expect(cache?.words == ["open_file_cache", "max=10"])
        #expect(directive("return")?.context == ["http", "server", "location"])
        #expect(directive("return")?.words == ["return", "200", "${y}z"])
        #expect(directive("log_format")?.words == ["log_format", "main", #"$a "{" ;"#, #"x\"y"#])
        #expect(directive("hidden") == nil)
    }

    @Test("A dump tells server blocks apart")
    func blocks() {
        let listens = dump.directives.filter { $0.name == "listen" }
        #expect(listens.map(\.words) == [["listen", "80"], ["listen", "81"]])
        #expect(directive("open_file_cache")?.block == listens.first?.block)
        #expect(listens.first?.block != listens.last?.block)
    }

    @Test("A dump ends where a file includes itself")
    func loop() {
        let loop = ConfigurationDump(
            "# configuration file /a:\ninclude /a;\nx 1;\n\n")
        #expect(loop.directives.contains { $0.name == "x" })
    }

    @Test("A build tells its version, pid file and modules")
    func build() {
        let build = NginxBuild(
            """
            nginx version: nginx/1.18.0 (Ubuntu)
            built with OpenSSL 3.0.2 15 Mar 2022
            configure arguments: --prefix=/usr/share/nginx --pid-path=/run/nginx.pid \
            --without-http_scgi_module
            """)
        #expect(build?.version == NginxVersion(1, 18, 0))
        #expect(build?.pidFile == "/run/nginx.pid")
        #expect(build?.lacks("http_scgi_module") == true)
        #expect(build?.lacks("http_uwsgi_module") == false)
        #expect(
            NginxBuild("nginx version: openresty/1.27.1.2\n")?.version == NginxVersion(1, 27, 1))
        #expect(NginxBuild("Error: No such container: x") == nil)
    }

    @Test("A journal undoes a change from one file")
    func journal() {
        let files = GeneratedFiles(
            texts: ["http.conf": "a\nfile x 3\nö", "blue/blue": ""], manifest: nil)
        let journal = Journal(of: ["blue/blue", "http.conf", "web.conf"], in: files)
        let read = Journal(text: journal.text)
        #expect(read == journal)
        #expect(read?.kept == files.texts)
        #expect(read?.texts.keys.sorted() == ["blue/blue", "http.conf", "web.conf"])
        #expect(Journal(text: String(journal.text.dropLast(3))) == nil)
        #expect(Journal(text: "") == nil)
    }

    @Test("nginx in a container is asked through docker exec")
    func commands() throws {
        let settings = try NginxSettings(
            app: "shop", services: [],
            place: NginxSettings.Place(
                config: "/etc/nginx/other.conf",
                container: NginxSettings.Container(name: "edge", networks: ["shop-blue"])))
        let program = NginxProgram(settings)
        #expect(program.reload.executable == "docker")
        #expect(
            program.reload.arguments == [
                "exec", "edge", "nginx", "-s", "reload", "-c", "/etc/nginx/other.conf",
            ])
        #expect(
            program.test("/x").arguments == ["exec", "edge", "nginx", "-t", "-c", "/x"])
    }

    @Test("A container is described in one line, and one more per network")
    func inspection() {
        let container = NginxContainer(
            inspection: """
                true 4711 edge_default
                edge_default 172.19.0.2 172.19.0.1
                shop-blue 10.213.5.3 10.213.5.1
                """)
        #expect(container?.pid == 4711)
        #expect(container?.gateways == ["10.213.5.1", "172.19.0.1"])
        #expect(NginxContainer(inspection: "true 7 host\nhost  \n")?.usesHostNetwork == true)
        #expect(NginxContainer(inspection: "") == nil)
    }
}
