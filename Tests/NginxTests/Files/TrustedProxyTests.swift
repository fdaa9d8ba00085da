import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Generated files behind a proxy")
struct TrustedProxyTests {
    private func files(_ blocks: [String], hasRealIP: Bool = true) throws -> [String: String] {
        var settings = try NginxSettings(app: "shop", services: ["web"])
        settings.trustedProxies = try blocks.map { try #require(AddressBlock($0)) }
        return try Blueprint(
            settings: settings, table: RouterTests.table, live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [],
                hasRealIP: hasRealIP)
        ).files.texts
    }

    @Test("A13: Nobody is believed by default, and no other word about the client is passed on")
    func nobody() throws {
        let files = try files([])
        let location = files["web.conf"] ?? ""
        #expect(location.contains("proxy_set_header X-Forwarded-Proto $scheme;"))
        #expect(location.contains("proxy_set_header X-Forwarded-For $remote_addr;"))
        for name in ["X-Forwarded-Port", "X-Forwarded-Ssl", "X-Forwarded-Scheme", "Forwarded"] {
            #expect(location.contains("proxy_set_header \(name) \"\";"))
        }
        #expect(!location.contains("real_ip"))
        #expect(files["http.conf"]?.contains("geo $_shop_peer") == false)
    }

    @Test("A13: Trusted proxies are told once at http level and once per location, sorted")
    func location() throws {
        let files = try files(["10.0.0.0/8", "2001:db8::/32", "10.0.0.0/8"])
        #expect(
            files["web.conf"] == """
                # Written by Teal for the app shop; changes are lost at its next deployment.
                # For a location: include /etc/nginx/teal/shop/web.conf;

                proxy_pass http://$shop_web;
                proxy_http_version 1.1;
                proxy_set_header Host $_shop_host;
                proxy_set_header Connection $_shop_connection;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Forwarded-For $_shop_for;
                proxy_set_header X-Forwarded-Host $_shop_as_host;
                proxy_set_header X-Forwarded-Proto $_shop_proto;
                proxy_set_header X-Forwarded-Port $_shop_told_port;
                proxy_set_header X-Forwarded-Scheme $_shop_told_scheme;
                proxy_set_header X-Forwarded-Ssl $_shop_told_ssl;
                proxy_set_header Forwarded $_shop_told_forwarded;
                set_real_ip_from 10.0.0.0/8;
                set_real_ip_from 2001:db8::/32;
                real_ip_header X-Forwarded-For;
                real_ip_recursive on;
                proxy_connect_timeout 5s;
                proxy_next_upstream_timeout 10s;

                """)
        // Two apps may share a server block.
        #expect(try files["server.conf"] == self.files([])["server.conf"])
    }

    @Test("A13: The maps believe the word of a trusted peer, and nobody else's")
    func maps() throws {
        let http = try files(["10.0.0.0/8"])["http.conf"] ?? ""
        #expect(
            http.contains(
                #"""
                # The word of the proxies in front.
                map $proxy_protocol_addr $_shop_peer {
                    "" $realip_remote_addr;
                    default $_shop_named;
                }
                map "$proxy_protocol_addr $remote_addr" $_shop_named {
                    default "";
                    "~^(\S+) \1$" $remote_addr;
                }

                geo $_shop_peer $_shop_trusted {
                    default "";
                    10.0.0.0/8 1;
                }

                """#))
        #expect(
            http.contains(
                #"""
                map "$_shop_trusted$http_x_forwarded_proto" $_shop_proto {
                    default $scheme;
                    1https https;
                    1http http;
                    1wss https;
                    1ws http;
                    "~*^1.*, *(?:https|wss)$" https;
                    "~*^1.*, *(?:http|ws)$" http;
                }

                """#))
        #expect(
            http.contains(
                """
                map $_shop_told_for $_shop_for {
                    "" $remote_addr;
                    default "$_shop_told_for, $_shop_peer";
                }

                """))
    }

    @Test("A13: An nginx without the realip module still tells the client's address")
    func withoutModule() throws {
        let files = try files(["10.0.0.0/8"], hasRealIP: false)
        #expect(files["web.conf"]?.contains("real_ip") == false)
        #expect(files["web.conf"]?.contains("X-Real-IP $_shop_address;") == true)
        #expect(files["http.conf"]?.contains("realip") == false)
    }

    @Test("A13: A canary knows a client behind a proxy by its own address")
    func canary() throws {
        var settings = try NginxSettings(
            app: "shop", services: ["web"],
            rollout: NginxSettings.Rollout(steps: [Share(percent: 10)]))
        settings.trustedProxies = [try #require(AddressBlock("10.0.0.0/8"))]
        let http =
            try Blueprint(
                settings: settings, table: RouterTests.table, live: LinkState(.blue),
                environment: Blueprint.Environment(
                    version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [],
                    hasRealIP: true)
            ).files.texts["http.conf"] ?? ""
        #expect(http.contains("default \"$_shop_origin $http_user_agent\";"))
    }
}
