import BlueGreen
import Testing

@testable import Nginx

@Suite("A health path")
struct HealthPathTests {
    @Test(
        "A health path is what nginx has in $uri",
        arguments: [
            ("/healthz", "/healthz"), ("/healthz?full=1", "/healthz"), ("/a%20b", "/a b"),
            ("/a//b/", "/a/b/"), ("/a%2fb", "/a/b"), ("/100%", "/100%"), ("/%zz", "/%zz"),
            ("/h#now", "/h"),
        ])
    func uri(_ target: String, _ path: String) throws {
        #expect(try #require(HealthPath(checking: target)).description == path)
    }

    @Test(
        "A health path is neither the front page nor what is no path",
        arguments: ["/", "//", "/?x", "", "x"])
    func none(_ target: String) {
        #expect(HealthPath(checking: target) == nil)
    }

    @Test(
        "A health path brings nothing into an nginx file that could end a word there",
        arguments: [
            ("/healthz", "~^/healthz$"), ("/up.php", "~^/up\\x2ephp$"),
            ("/a;}\n{", "~^/a\\x3b\\x7d\\x0a\\x7b$"), ("/$uri\"'\\", "~^/\\x24uri\\x22\\x27\\x5c$"),
            ("/.*", "~^/\\x2e\\x2a$"), ("/%c3%a4", "~^/\\xc3\\xa4$"),
        ])
    func pattern(_ target: String, _ pattern: String) throws {
        #expect(try #require(HealthPath(checking: target)).pattern == pattern)
    }
}
