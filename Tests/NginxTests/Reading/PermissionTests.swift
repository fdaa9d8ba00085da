import Testing

@testable import Nginx

@Suite("nginx's refusal for want of rights")
struct PermissionTests {
    private static let text =
        "nginx: [emerg] open() \"/run/nginx.pid\" failed (13: Permission denied)"

    @Test("One who is not root is told to be, and not to correct the configuration")
    func rights() {
        let refusal = NginxError.refusal(Self.text, ofRoot: false)
        #expect(refusal == .notPermitted(text: Self.text))
        #expect("\(refusal)".contains("Run it as root"))
        #expect(NginxError.refusal(Self.text, ofRoot: true) == .refused(text: Self.text))
        let other = "unknown directive \"serve\""
        #expect(NginxError.refusal(other, ofRoot: false) == .refused(text: other))
    }
}
