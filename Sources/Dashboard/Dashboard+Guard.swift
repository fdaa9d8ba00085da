import BlueGreen
import HTTPTypes
import Hummingbird
import NIOCore

/// A refusal, in words for a page or for a program.
struct Refusal: Error {
    let status: HTTPResponse.Status
    let text: String
    /// The methods of the path, where the request has another one.
    var allowed: [HTTPRequest.Method] = []
}

extension Dashboard {
    static let cookie = "teal_session"

    /// Every answer has these, and every request comes by an admitted name.
    struct Guard: RouterMiddleware {
        typealias Context = PageContext
        let dashboard: Dashboard

        func handle(
            _ request: Request, context: PageContext,
            next: (Request, PageContext) async throws -> Response
        ) async throws -> Response {
            var request = request
            var response: Response
            var isRead = false
            do {
                // Of every request, also of one that is refused: what is left unread holds up the
                // next one on the connection.
                try await dashboard.collectBody(of: &request, context)
                isRead = true
                try dashboard.checkHost(request)
                response = try await next(request, context)
            } catch let refusal as Refusal {
                response = Self.answer(refusal, to: request)
                if !refusal.allowed.isEmpty {
                    let names = refusal.allowed.map(\.rawValue).sorted()
                    response.headers[.allow] = names.joined(separator: ", ")
                }
            } catch let error as HTTPError {
                response = Self.answer(
                    Refusal(status: error.status, text: error.status.reasonPhrase), to: request)
            } catch let error where isRead && !(error is CancellationError) {
                response = Self.answer(
                    Refusal(status: .internalServerError, text: "\(error)"), to: request)
            }
            if !isRead { response.body = response.body.closing(context) }
            let fields: [(String, String)] = [
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                        + "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'"
                ),
                ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
                // With no-referrer a browser's form would name no origin.
                ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
            ]
            for (name, value) in fields {
                if let field = HTTPField.Name(name) { response.headers[field] = value }
            }
            if response.headers[.cacheControl] == nil {
                response.headers[.cacheControl] = "no-store"
            }
            return response
        }

        private static func answer(_ refusal: Refusal, to request: Request) -> Response {
            let path = request.uri.path
            if path.hasPrefix("/api/") || path == "/events" || path == "/metrics" {
                return Answer.json(Answer.error(refusal.text), refusal.status)
            }
            if refusal.status == .unauthorized, request.method == .get {
                return Answer.redirect("/login")
            }
            var page = PageModels.Page(title: "teal")
            page.message = PageModels.Message(
                heading: "\(refusal.status.code)", text: refusal.text, back: "/")
            return Answer.html(Templates.render("page", page), refusal.status)
        }
    }

    private func collectBody(of request: inout Request, _ context: PageContext) async throws {
        do {
            let body = request.body
            let buffer = try await context.within(patience.sending) {
                try await body.collect(upTo: Self.longestBody)
            }
            request.body = RequestBody(buffer: buffer)
        } catch is NIOTooManyBytesError {
            throw Refusal(status: .contentTooLarge, text: "The request is too large.")
        }
    }

    /// On a socket too, since ssh may lead a port of somebody's own computer there.
    private func checkHost(_ request: Request) throws {
        guard let authority = request.head.authority, hosts.admits(authority) else {
            throw Refusal(
                status: .misdirectedRequest,
                text: "The page is not served by this name. `teal watch --page-host NAME` admits "
                    + "it.")
        }
    }

    /// Whether the mode of the socket decides, instead of tokens. It says nothing of the visitors of
    /// a proxy that may open the socket.
    func isAdmittedBySocket(_ request: Request) -> Bool {
        guard case .unixSocket = settings.address, settings.reading == .open else { return false }
        return !["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"].contains {
            HTTPField.Name($0).map { request.headers[$0] != nil } ?? false
        }
    }

    /// The visitor as far as the request shows a token; nil for one without.
    ///
    /// - Throws: `Refusal` for a wrong token.
    func visitor(_ request: Request, _ context: PageContext) throws -> Visitor? {
        let now = source.now
        if let header = request.headers[.authorization] {
            guard header.lowercased().hasPrefix("bearer ") else {
                throw Refusal(status: .unauthorized, text: "Only bearer tokens are taken.")
            }
            let secret = String(header.dropFirst("bearer ".count))
            let token = try check(secret, context)
            return Visitor(name: "token \(token.name)", mayAct: token.rights == .act, session: nil)
        }
        guard let cookie = request.cookies[Self.cookie]?.value,
            let session = sessions.session(cookie, at: now)
        else { return nil }
        guard let id = session.token else {
            return isAdmittedBySocket(request)
                ? Visitor(name: "the socket", mayAct: true, session: session) : nil
        }
        // Revoked or expired since then: the session is worth nothing.
        guard let token = try tokens.tokens().first(where: { $0.id == id && $0.isValid(at: now) })
        else { return nil }
        return Visitor(name: "token \(token.name)", mayAct: token.rights == .act, session: session)
    }

    /// - Throws: `Refusal` for a wrong token.
    func check(_ secret: String, _ context: PageContext) throws -> AccessToken {
        let now = source.now
        if let token = try tokens.token(of: secret, at: now) { return token }
        if wrongTokens.note(context.address, at: now) {
            throw Refusal(
                status: .tooManyRequests, text: "Too many wrong tokens. Try again in a minute.")
        }
        throw Refusal(status: .unauthorized, text: "The token is wrong, or its time is over.")
    }

    /// - Returns: nil for a reader without a token, where that is allowed.
    func reader(_ request: Request, _ context: PageContext) throws -> Visitor? {
        if let visitor = try visitor(request, context) { return visitor }
        switch (settings.reading, settings.address) {
        case (.open, .loopback): return nil
        case (.open, .unixSocket) where isAdmittedBySocket(request): return nil
        case (.token, _), (.open, .unixSocket):
            throw Refusal(status: .unauthorized, text: "A token is needed.")
        }
    }

    func actor(_ request: Request, _ context: PageContext) throws -> Visitor {
        guard let visitor = try visitor(request, context) else {
            throw Refusal(status: .unauthorized, text: "A token is needed.")
        }
        guard visitor.mayAct else {
            throw Refusal(status: .forbidden, text: "This token may only read.")
        }
        return visitor
    }

    /// A browser sends its cookie for every site; the form's secret and the origin are this page's
    /// alone.
    func checkForm(_ form: [String: String], _ visitor: Visitor, _ request: Request) throws {
        guard let session = visitor.session else { return }
        guard isOwnOrigin(request),
            RandomSecret.isEqual(form["secret"] ?? "", session.formSecret)
        else {
            throw Self.foreignForm
        }
    }

    static let foreignForm = Refusal(
        status: .forbidden, text: "The form is not of this page. Load it again.")

    /// Whether the form was not sent before; a program sends none.
    func isFirst(_ form: [String: String], _ visitor: Visitor) throws -> Bool {
        guard visitor.session != nil else { return true }
        guard let number = form["number"], !number.isEmpty else { throw Self.foreignForm }
        return spentForms.spend(number)
    }

    func isOwnOrigin(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin], let authority = request.head.authority else {
            return false
        }
        return HostList.isSame(origin: origin, as: authority)
    }
}
