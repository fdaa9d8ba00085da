import BlueGreen
import HTTPTypes
import Hummingbird
import NIOCore

extension Dashboard {
    /// As the router answers. To it each method but GET and POST is OPTIONS, which no path has.
    func responder() -> CallbackResponder<PageContext> {
        let router = router().buildResponder()
        return CallbackResponder { request, context in
            guard request.method != .get, request.method != .post else {
                return try await router.respond(to: request, context: context)
            }
            var head = request.head
            head.method = .options
            let response = try await router.respond(
                to: Request(head: head, body: request.body), context: context)
            // A client would take a body for the next answer.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func router() -> Router<PageContext> {
        let router = Router(context: PageContext.self)
        router.add(middleware: Guard(dashboard: self))
        addPublic(router)
        addPages(router)
        addAPI(router)
        refuseOtherMethods(router)
        return router
    }

    /// The answer names the methods that the path has: RFC 9110, 15.5.6.
    private func refuseOtherMethods(_ router: Router<PageContext>) {
        for (path, routes) in Dictionary(grouping: router.routes, by: { "\($0.path)" }) {
            let allowed = routes.map(\.method)
            let names = allowed.map(\.rawValue).sorted().joined(separator: " and ")
            let refusal = Refusal(
                status: .methodNotAllowed, text: "This path is for \(names).", allowed: allowed)
            for method in [HTTPRequest.Method.get, .post, .options] where !allowed.contains(method)
            {
                router.on(RouterPath(path), method: method) { _, _ -> Response in throw refusal }
            }
        }
    }

    /// Without a token: nothing in it is of the host.
    private func addPublic(_ router: Router<PageContext>) {
        router.get("/style.css") { _, _ in Self.asset(Templates.style, "text/css") }
        router.get("/script.js") { _, _ in Self.asset(Templates.script, "text/javascript") }
        router.get("/icon.svg") { _, _ in Self.asset(Templates.icon, "image/svg+xml") }
        router.get("/login") { _, _ in Answer.html(Self.login()) }
        router.post("/login") { request, context in try await logIn(request, context) }
        router.post("/logout") { request, context in try await logOut(request, context) }
        router.get("/badge/:file") { _, context in try await badge(context) }
        router.get("/api/v1/openapi.json") { _, _ in Answer.json(OpenAPI.text) }
    }

    private func addPages(_ router: Router<PageContext>) {
        router.get("/") { request, context in
            let entry = try enter(request, context)
            let looked = await looks.looks(at: nil, .host, .brief)
            var page = page("teal", entry.visitor)
            page.list = PageModels.List(looked)
            return entry.answer(Answer.html(Templates.render("page", page)))
        }
        router.get("/apps/:app") { request, context in
            let entry = try enter(request, context)
            let look = try await look(context)
            var page = page(look.app, entry.visitor)
            page.app = look.app
            page.topic = look.app
            page.look = PageModels.Look(look, mayAct: entry.visitor?.mayAct ?? false)
            return entry.answer(Answer.html(Templates.render("page", page)))
        }
        router.get("/apps/:app/acts/:act") { request, context in
            let visitor = try actor(request, context)
            let fields = FormText.fields(request.uri.query ?? "")
            return Answer.html(try await confirmation(fields, visitor, context))
        }
        router.post("/apps/:app/acts/:act") { request, context in
            let visitor = try actor(request, context)
            let fields = try await form(request)
            try checkForm(fields, visitor, request)
            guard try isFirst(fields, visitor) else {
                return Answer.redirect("/apps/\(try app(context))")
            }
            do {
                let name = try await begin(fields, visitor, context)
                return Answer.redirect("/apps/\(name)")
            } catch let refusal as Refusal {
                spentForms.giveBack(fields["number"] ?? "")
                throw refusal
            }
        }
        router.get("/events") { request, context in try await events(request, context) }
        router.get("/metrics") { request, context in
            _ = try reader(request, context)
            return Answer.text(
                await source.metrics(), "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private func addAPI(_ router: Router<PageContext>) {
        router.get("/api/v1/apps") { request, context in
            _ = try reader(request, context)
            return Answer.json(Answer.encoded(["apps": try source.apps()]))
        }
        for kind in DashboardDocument.allCases {
            router.get("/api/v1/apps/:app/\(kind.rawValue)") { request, context in
                _ = try reader(request, context)
                return Answer.json(try await document(kind, context))
            }
        }
        router.post("/api/v1/apps/:app/acts/:act") { request, context in
            let visitor = try actor(request, context)
            guard visitor.session == nil else {
                throw Refusal(status: .unauthorized, text: "Acts need a bearer token here.")
            }
            let fields = try await form(request)
            let name = try await begin(fields, visitor, context)
            return Answer.json(
                Answer.encoded(["app": name, "act": context.parameters.get("act") ?? ""]),
                .accepted)
        }
    }

    private func document(
        _ kind: DashboardDocument, _ context: PageContext
    ) async throws -> String {
        if kind == .status {
            let look = try await look(context)
            // One that could not be looked at has none.
            guard !look.status.isEmpty else {
                throw Refusal(status: .internalServerError, text: look.sentence)
            }
            return look.status
        }
        do {
            return try await source.document(kind, of: try app(context))
        } catch let refusal as Refusal {
            throw refusal
        } catch let error where !(error is CancellationError) {
            throw Refusal(status: .internalServerError, text: "\(error)")
        }
    }

    // MARK: Coming in

    /// A reader's request, and the cookie that its answer sets.
    private struct Entry {
        let visitor: Visitor?
        let cookie: String?

        func answer(_ response: Response) -> Response {
            var response = response
            if let cookie { response.headers[.setCookie] = cookie }
            return response
        }
    }

    /// The mode of a socket admits everybody who can open it; forms need a session nevertheless.
    private func enter(_ request: Request, _ context: PageContext) throws -> Entry {
        let visitor = try reader(request, context)
        if visitor == nil, isAdmittedBySocket(request) {
            let (cookie, session) = sessions.begin(nil, at: source.now)
            return Entry(
                visitor: Visitor(name: "the socket", mayAct: true, session: session),
                cookie: Self.cookieText(cookie))
        }
        return Entry(visitor: visitor, cookie: nil)
    }

    private static func cookieText(
        _ value: String, longest: Duration = Sessions.longest, isSecure: Bool = false
    ) -> String {
        let seconds = longest.wholeMilliseconds / 1000
        return "\(cookie)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (isSecure ? "; Secure" : "")
    }

    private func logIn(_ request: Request, _ context: PageContext) async throws -> Response {
        guard isOwnOrigin(request) else { throw Self.foreignForm }
        let fields = try await form(request)
        let token: AccessToken
        do {
            token = try check((fields["token"] ?? "").filter { $0 != " " }, context)
        } catch let refusal as Refusal {
            return Answer.html(Self.login(refusal.text), refusal.status)
        }
        let (cookie, _) = sessions.begin(token.id, at: source.now)
        var response = Answer.redirect("/")
        // The browser alone knows whether a proxy speaks TLS, and says so in its Origin.
        let isSecure = request.headers[.origin]?.hasPrefix("https://") ?? false
        response.headers[.setCookie] = Self.cookieText(cookie, isSecure: isSecure)
        return response
    }

    private func logOut(_ request: Request, _ context: PageContext) async throws -> Response {
        if let visitor = try visitor(request, context) {
            try checkForm(try await form(request), visitor, request)
        }
        if let cookie = request.cookies[Self.cookie]?.value { sessions.end(cookie) }
        var response = Answer.redirect("/login")
        response.headers[.setCookie] = Self.cookieText("none", longest: .zero)
        return response
    }

    private static func login(_ wrong: String? = nil) -> String {
        var page = PageModels.Page(title: "teal: log in")
        page.login = PageModels.Login(wrong: wrong)
        return Templates.render("page", page)
    }

    private func page(_ title: String, _ visitor: Visitor?) -> PageModels.Page {
        var page = PageModels.Page(title: title)
        page.session = visitor?.session.flatMap { session in
            session.token == nil ? nil : PageModels.Secret(secret: session.formSecret)
        }
        page.guest = visitor == nil
        return page
    }

    private func form(_ request: Request) async throws -> [String: String] {
        FormText.fields(String(buffer: try await request.body.collect(upTo: Self.longestBody)))
    }

    // MARK: Apps

    private func app(_ context: PageContext) throws -> String {
        let name = context.parameters.get("app") ?? ""
        guard try source.apps().contains(name) else {
            throw Refusal(status: .notFound, text: "There is no such app on this host.")
        }
        return name
    }

    private func look(
        _ context: PageContext, _ freshness: LookCache.Freshness = .app
    ) async throws -> AppLook {
        let name = try app(context)
        let found = await looks.looks(at: name, freshness, .whole)
        guard let look = found.first else {
            throw Refusal(status: .notFound, text: "There is no such app on this host.")
        }
        return look
    }

    /// The act of a request, and what it would do now.
    private struct Wish {
        let act: DashboardAct
        let look: AppLook
        let offer: AppLook.Offer
    }

    private func wish(_ fields: [String: String], _ context: PageContext) async throws -> Wish {
        // Nobody acts on what was.
        let look = try await look(context, .act)
        guard let kind = context.parameters.get("act").flatMap(DashboardAct.Kind.init) else {
            throw Refusal(status: .notFound, text: "There is no such act.")
        }
        if kind == .restart {
            let index = fields["replica"].flatMap { Int($0) }
            guard fields["replica"] == nil || index != nil,
                let replica = look.replicas.first(where: {
                    $0.service == fields["service"] && $0.canRestart
                        && (index == nil || index == $0.index)
                })
            else { throw Refusal(status: .notFound, text: "There is no such replica.") }
            let name = index.map { "\(replica.service)-\($0)" } ?? replica.service
            let others = look.replicas.count { $0.service == replica.service } - 1
            let consequence =
                others == 0
                ? "\(name) has no other replica: its service is down until it is up again."
                : "\(name) ends within its stop grace and starts again; "
                    + "\(others) more of its replicas serve meanwhile."
            return Wish(
                act: DashboardAct(.restart, service: replica.service, replica: index),
                look: look,
                offer: AppLook.Offer(
                    .restart, label: "Restart \(name)", consequence: consequence))
        }
        guard let offer = look.offers.first(where: { $0.kind == kind }) else {
            throw Refusal(
                status: .conflict, text: "That cannot be done as things are now. Look again.")
        }
        guard fields["subject"] == nil || fields["subject"] == offer.subject else {
            throw Refusal(
                status: .conflict,
                text: "Things have changed since the page said what would happen. Look again.")
        }
        return Wish(act: DashboardAct(kind), look: look, offer: offer)
    }

    private func confirmation(
        _ fields: [String: String], _ visitor: Visitor, _ context: PageContext
    ) async throws -> String {
        let wish = try await wish(fields, context)
        let (app, offer) = (wish.look.app, wish.offer)
        var page = page(offer.label, visitor)
        page.app = app
        page.confirm = PageModels.Confirm(
            label: offer.label, consequence: offer.consequence,
            action: "/apps/\(app)/acts/\(wish.act.kind.rawValue)", back: "/apps/\(app)",
            secret: visitor.session?.formSecret ?? "", number: RandomSecret.make(),
            subject: offer.subject, service: wish.act.service,
            replica: wish.act.replica.map { "\($0)" })
        return Templates.render("page", page)
    }

    private func begin(
        _ fields: [String: String], _ visitor: Visitor, _ context: PageContext
    ) async throws -> String {
        let wish = try await wish(fields, context)
        do {
            try await source.begin(wish.act, of: wish.look.app, asker: visitor.name)
        } catch let error where !(error is CancellationError) {
            throw Refusal(status: .conflict, text: "\(error)")
        }
        return wish.look.app
    }

    private func badge(_ context: PageContext) async throws -> Response {
        let file = context.parameters.get("file") ?? ""
        let suffix = ".svg"
        guard settings.showsBadges, file.hasSuffix(suffix),
            let look = await looks.looks(
                at: String(file.dropLast(suffix.count)), .badge, .brief
            ).first
        else { throw Refusal(status: .notFound, text: "There is no such badge.") }
        return Answer.text(Badge(look).text, "image/svg+xml")
    }

    private static func asset(_ text: String, _ type: String) -> Response {
        var response = Answer.text(text, "\(type); charset=utf-8")
        response.headers[.cacheControl] = "max-age=300"
        return response
    }
}
