import Hummingbird
import NIOCore

/// Live updates, as server-sent events.
extension Dashboard {
    /// `?page=APP` is for the page itself, `?app=APP` for programs.
    func events(_ request: Request, _ context: PageContext) async throws -> Response {
        let visitor = try reader(request, context)
        let fields = FormText.fields(request.uri.query ?? "")
        let mayAct = isAdmittedBySocket(request) || visitor?.mayAct ?? false
        let form: EventHub.Topic.Form = fields["page"] == nil ? .documents : .page(mayAct: mayAct)
        let name = fields["page"] ?? fields["app"]
        let app = name.flatMap { $0.isEmpty ? nil : $0 }
        if let app, try !source.apps().contains(app) {
            throw Refusal(status: .notFound, text: "There is no such app on this host.")
        }
        guard let client = await hub.join(EventHub.Topic(app: app, form: form)) else {
            throw Refusal(status: .serviceUnavailable, text: "Too many clients are connected.")
        }
        let hub = hub
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                do {
                    for await message in client.messages {
                        // A token may be revoked, and a session end, while its visitor listens.
                        _ = try reader(request, context)
                        try await writer.write(ByteBuffer(string: message))
                    }
                    try await writer.finish(nil)
                } catch {
                    await hub.leave(client.id)
                    throw error
                }
                await hub.leave(client.id)
            })
    }
}
