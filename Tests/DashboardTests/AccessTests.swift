import BlueGreen
import Dashboard
import HostSystem
import TestSupport
import Testing

@Suite("The page is closed to others")
struct AccessTests {
    @Test("Nothing of the host is shown without a token")
    func reading() async throws {
        try await PageSample.served { page in
            for path in [
                "/", "/apps/shop", "/apps/other", "/events", "/metrics", "/api/v1/apps",
                "/api/v1/apps/shop/status", "/api/v1/apps/shop/history", "/api/v1/apps/shop/plan",
                "/apps/shop/acts/rollback",
            ] {
                let answer = try await page.request("GET", path)
                let isPage = path == "/" || path.hasPrefix("/apps")
                #expect(answer.status == (isPage ? 303 : 401), "\(path)")
                #expect(!answer.body.contains("shop is well"), "\(path)")
            }
            for path in ["/login", "/icon.svg", "/style.css", "/script.js", "/api/v1/openapi.json"]
            {
                #expect(try await page.request("GET", path).status == 200, "\(path)")
            }
        }
    }

    @Test("A method that a path does not have is refused with those that it has")
    func methods() async throws {
        try await PageSample.served { page in
            let fields = ["Authorization": "Bearer \(try page.token(.act))"]
            for (method, path, allowed) in [
                ("DELETE", "/login", "GET, POST"), ("PUT", "/apps/shop", "GET"),
                ("POST", "/metrics", "GET"), ("HEAD", "/", "GET"), ("GET", "/logout", "POST"),
                ("TRACE", "/api/v1/apps/shop/status", "GET"),
                ("PATCH", "/apps/shop/acts/rollback", "GET, POST"),
                ("GET", "/api/v1/apps/shop/acts/rollback", "POST"), ("OPTIONS", "/events", "GET"),
                ("PROPFIND", "/api/v1/apps", "GET"),
            ] {
                let answer = try await page.request(method, path, fields)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer.fields["allow"] == allowed, "\(method) \(path)")
            }
            #expect(try await page.request("DELETE", "/nothing", fields).status == 404)
            #expect(try await page.request("HEAD", "/login", fields).body == "")
            #expect(page.source.begun == [])
        }
    }

    @Test("A token that may only read reads and does not act")
    func rights() async throws {
        try await PageSample.served { page in
            let reader = ["Authorization": "Bearer \(try page.token(.read))"]
            let status = try await page.request("GET", "/api/v1/apps/shop/status", reader)
            #expect(status.status == 200)
            #expect(status.body == "{\"app\": \"shop\"}")
            #expect(try await page.request("GET", "/metrics", reader).body.hasPrefix("teal_"))
            let path = "/api/v1/apps/shop/acts/rollback"
            #expect(try await page.request("POST", path, reader).status == 403)
            #expect(page.source.begun == [])
            let actor = try page.token(.act)
            let answer = try await page.request(
                "POST", path, ["Authorization": "Bearer \(actor)"])
            #expect(answer.status == 202)
            #expect(page.source.begun.count == 1)
            #expect(page.source.begun.first?.hasSuffix(" rollback shop") ?? false)
        }
    }

    @Test("A token whose time is over, or that was revoked, is a wrong one, also in a session")
    func ends() async throws {
        try await PageSample.served { page in
            let secret = try page.token(.act, expiresAt: page.source.now + .seconds(60))
            let fields = ["Authorization": "Bearer \(secret)"]
            #expect(try await page.request("GET", "/api/v1/apps", fields).status == 200)
            let cookie = ["Cookie": try await page.session(.act)]
            #expect(try await page.request("GET", "/apps/shop", cookie).status == 200)
            page.source.pass(.seconds(61))
            #expect(try await page.request("GET", "/api/v1/apps", fields).status == 401)
            for token in try page.tokens.tokens() { _ = try page.tokens.revoke(token.id) }
            #expect(try await page.request("GET", "/apps/shop", cookie).status == 303)
        }
    }

    @Test("A session has a cookie that scripts and other sites do not get")
    func cookies() async throws {
        try await PageSample.served { page in
            let answer = try await page.request(
                "POST", "/login", ["Origin": page.origin], body: "token=\(try page.token(.act))")
            let cookie = answer.fields["set-cookie"] ?? ""
            #expect(answer.status == 303)
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            let shown = try await page.request("GET", "/apps/shop", ["Cookie": cookie])
            #expect(shown.body.contains("shop is well"))
            #expect(
                (shown.fields["content-security-policy"] ?? "").contains("default-src 'none'"))
            #expect(shown.fields["cache-control"] == "no-store")
            #expect(!cookie.contains("Secure"))
            let foreign = try await page.request(
                "POST", "/login", ["Origin": "https://evil.example"],
                body: "token=\(try page.token(.act))")
            #expect(foreign.status == 403)
            #expect(foreign.fields["set-cookie"] == nil)
        }
    }

    @Test("A browser that comes by TLS never sends its cookie without")
    func secureCookies() async throws {
        try await PageSample.served(hosts: ["teal.example.com"]) { page in
            // Pasted with a space before it.
            let answer = try await page.request(
                "POST", "/login", host: "teal.example.com",
                ["Origin": "https://teal.example.com"], body: "token=+\(try page.token(.act))")
            #expect(answer.status == 303)
            #expect(answer.fields["set-cookie"]?.hasSuffix("; Secure") ?? false)
        }
    }

    @Test("A form acts only with the session's secret and from the page's own origin")
    func forms() async throws {
        try await PageSample.served { page in
            let cookie = try await page.session(.act)
            let path = "/apps/shop/acts/rollback"
            let form = try await page.request("GET", path, ["Cookie": cookie])
            #expect(form.body.contains("Moves the traffic."))
            #expect(form.secret.count == 64)
            let other = try await page.request(
                "GET", path, ["Cookie": try await page.session(.act)])
            for (origin, secret) in [
                (page.origin, ""), (page.origin, other.secret), (nil, form.secret),
                ("null", form.secret), ("https://evil.example", form.secret),
                ("http://127.0.0.1:1", form.secret),
            ] {
                var fields = ["Cookie": cookie]
                fields["Origin"] = origin
                let answer = try await page.request(
                    "POST", path, fields, body: form.filled(["secret": secret]))
                #expect(answer.status == 403, "\(origin ?? "none") \(secret)")
            }
            let own = ["Cookie": cookie, "Origin": page.origin]
            let numberless = try await page.request(
                "POST", path, own, body: "secret=\(form.secret)")
            #expect(numberless.status == 403)
            // A session is no bearer.
            let api = try await page.request(
                "POST", "/api/v1" + path, ["Cookie": cookie, "Origin": page.origin],
                body: form.filled())
            #expect(api.status == 401)
            #expect(page.source.begun == [])
            // A second click, or the form sent again by the way back, asks for nothing more.
            for _ in 1...3 {
                let answer = try await page.request("POST", path, own, body: form.filled())
                #expect(answer.status == 303)
                #expect(answer.fields["location"] == "/apps/shop")
            }
            #expect(page.source.begun.count == 1)
        }
    }

    @Test("A form that promised another thing than would be done now does nothing")
    func changes() async throws {
        try await PageSample.served { page in
            let cookie = try await page.session(.act)
            let path = "/apps/shop/acts/rollback"
            let own = ["Cookie": cookie, "Origin": page.origin]
            let form = try await page.request("GET", path, own)
            var look = SampleSource.shop()
            look.offers = [
                AppLook.Offer(.rollback, label: "Roll back to v1", consequence: "", subject: "8")
            ]
            page.source.change(look)
            let answer = try await page.request("POST", path, own, body: form.filled())
            #expect(answer.status == 409)
            #expect(answer.body.contains("Things have changed"))
            #expect(page.source.begun == [])
        }
    }

    @Test("An act that was refused can be asked for again by the same form")
    func again() async throws {
        let source = SampleSource(refusal: "shop is locked by `teal deploy`.")
        try await PageSample.served(source) { page in
            let own = ["Cookie": try await page.session(.act), "Origin": page.origin]
            let path = "/apps/shop/acts/rollback"
            let form = try await page.request("GET", path, own)
            for _ in 1...2 {
                let answer = try await page.request("POST", path, own, body: form.filled())
                #expect(answer.status == 409)
            }
        }
    }

    @Test("An act that fails comes back to the page with its reason")
    func failures() async throws {
        let source = SampleSource(refusal: "shop is locked by `teal deploy`.")
        try await PageSample.served(source) { page in
            let fields = ["Authorization": "Bearer \(try page.token(.act))"]
            let answer = try await page.request(
                "POST", "/api/v1/apps/shop/acts/rollback", fields)
            #expect(answer.status == 409)
            #expect(answer.body.contains("shop is locked by `teal deploy`."))
            for act in ["promote", "nothing"] {
                let refused = try await page.request(
                    "POST", "/api/v1/apps/shop/acts/\(act)", fields)
                #expect(refused.status == (act == "promote" ? 409 : 404))
            }
        }
    }

    @Test("A file of tokens that cannot be read admits nobody, and says so")
    func unreadableTokens() async throws {
        try await PageSample.served { page in
            let fields = ["Authorization": "Bearer \(try page.token(.act))"]
            try AtomicFile.write("{", to: page.tokens.path, access: .ownerOnly)
            let answer = try await page.request("GET", "/api/v1/apps", fields)
            #expect(answer.status == 500)
            #expect(answer.body.contains("cannot be read as a file of tokens"))
            #expect(answer.fields["content-security-policy"]?.isEmpty == false)
        }
    }

    @Test("The 21st wrong token of a minute is one too many, and a right one never is")
    func guesses() async throws {
        try await PageSample.served { page in
            let wrong = ["Authorization": "Bearer teal_wrong"]
            for _ in 1...20 {
                #expect(try await page.request("GET", "/api/v1/apps", wrong).status == 401)
            }
            #expect(try await page.request("GET", "/api/v1/apps", wrong).status == 429)
            // The address that a header names counts for nothing.
            let forwarded = wrong.merging(["X-Forwarded-For": "192.0.2.1"]) { $1 }
            #expect(try await page.request("GET", "/api/v1/apps", forwarded).status == 429)
            let form = try await page.request(
                "POST", "/login", ["Origin": page.origin], body: "token=guess")
            #expect(form.status == 429)
            let right = ["Authorization": "Bearer \(try page.token(.read))"]
            #expect(try await page.request("GET", "/api/v1/apps", right).status == 200)
            page.source.pass(.seconds(60))
            #expect(try await page.request("GET", "/api/v1/apps", wrong).status == 401)
        }
    }

    @Test("A name that leads to loopback is refused unless it is listed")
    func hosts() async throws {
        try await PageSample.served(reading: .open, hosts: ["teal.example.com"]) { page in
            for (host, isAdmitted) in [
                ("localhost:\(page.port)", true), ("127.0.0.1", true), ("[::1]:1", true),
                ("teal.example.com", true), ("TEAL.example.com:443", true),
                ("evil.example", false), ("evil.example:\(page.port)", false),
                ("127.0.0.1.evil.example", false), ("teal.example.com.evil.example", false),
                ("", false), ("localhost:80:80", false), ("[::1]evil", false), ("::1", false),
                ("LOCALHOST", true), ("localhost.", false), ("evil@localhost", false),
                ("localhost, evil.example", false), ("[::1]:evil", false), ("localhost:", true),
            ] {
                let answer = try await page.request("GET", "/apps/shop", host: host)
                #expect((answer.status == 200) == isAdmitted, "\(host): \(answer.status)")
                #expect(answer.body.contains("shop is well") == isAdmitted, "\(host)")
            }
        }
    }

    @Test("Where reading is open acting still needs a token")
    func openReading() async throws {
        try await PageSample.served(reading: .open) { page in
            let shown = try await page.request("GET", "/apps/shop")
            #expect(shown.status == 200)
            #expect(!shown.body.contains("/acts/"))
            #expect(try await page.request("GET", "/apps/shop/acts/rollback").status == 303)
            let answer = try await page.request(
                "POST", "/apps/shop/acts/rollback", ["Origin": page.origin], body: "secret=")
            #expect(answer.status == 401)
            #expect(page.source.begun == [])
        }
    }

    @Test("A restart names a replica that there is")
    func restarts() async throws {
        try await PageSample.served { page in
            let fields = ["Authorization": "Bearer \(try page.token(.act))"]
            let path = "/api/v1/apps/shop/acts/restart"
            for body in ["", "service=db", "service=web&replica=3", "service=web&replica=x"] {
                let answer = try await page.request("POST", path, fields, body: body)
                #expect(answer.status == 404, "\(body)")
            }
            let answer = try await page.request(
                "POST", path, fields, body: "service=web&replica=2")
            #expect(answer.status == 202)
            #expect(page.source.begun.first?.hasSuffix("restart shop web 2") ?? false)
        }
    }

    @Test("Badges are shown where they were asked for, without a token")
    func badges() async throws {
        try await PageSample.served { page in
            let badge = try await page.request("GET", "/badge/shop.svg")
            #expect(badge.status == 404)
        }
        try await PageSample.served(badges: true) { page in
            let badge = try await page.request("GET", "/badge/shop.svg")
            #expect(badge.fields["content-type"] == "image/svg+xml")
            #expect(badge.body.contains("aria-label=\"shop: well\""))
            #expect(try await page.request("GET", "/badge/other.svg").status == 404)
        }
    }
}
