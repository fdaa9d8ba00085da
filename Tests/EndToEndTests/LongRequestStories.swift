import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Long requests")
    struct LongRequests {
        /// What becomes of the previous colour, in both ways to switch.
        static let fates = ["running", "stopped", "removed"].flatMap { previous in
            ["live", "reload"].map { Fate(previous: previous, mode: $0) }
        }

        struct Fate: Sendable, CustomTestStringConvertible {
            let previous: String
            let mode: String

            var testDescription: String { "\(previous), \(mode)" }

            var lines: String { "keep: {previous: \(previous)}\nswitch: \(mode)" }
        }

        @Test(
            "Uploads and streams that are under way at a switch end well, whatever becomes of blue",
            arguments: fates)
        func uploads(fate: Fate) async throws {
            try await Stories.tell("longer", more: fate.lines) { story in
                async let stream = story.get("/stream?seconds=3")
                let chunked = try await story.upload("/echo", .chunked) {
                    let sized = try await story.upload("/echo") {
                        try await story.deploy(["VERSION": "v2"])
                    }
                    expect(sized, isOf: fate)
                }
                expect(chunked, isOf: fate)
                let streamed = try await stream
                #expect(streamed.status == 200)
                #expect(streamed.body.contains("v1 chunk 30 of 30"))
                #expect(try await story.running(in: .blue).isEmpty == (fate.previous != "running"))
            }
        }

        private func expect(_ answer: Answer, isOf fate: Fate) {
            #expect(answer.status == 200)
            #expect(answer.body.utf8.count == HeldUpload.size)
            // Blue was there for it, or it went to green once blue was gone.
            #expect(answer.headers["x-shop-version"] == (fate.previous == "running" ? "v1" : "v2"))
        }

        @Test(
            "Requests that limit_req or auth_request hold back over a switch are answered by green",
            arguments: ["live", "reload"])
        func delayed(mode: String) async throws {
            let fate = Fate(previous: "stopped", mode: mode)
            try await Stories.tell("longdelay", deployed: false, more: fate.lines) { story in
                try await story.deploy(["VERSION": "v1"])
                let gate = try story.freePort()
                try story.write(
                    """
                    limit_req_zone all zone=visitors:32k rate=2r/m;
                    limit_req_zone all zone=gate:32k rate=2r/m;
                    server {
                        listen 127.0.0.1:\(gate);
                        location / {
                            limit_req zone=gate burst=5;
                            try_files /none =204;
                        }
                    }
                    """, to: "nginx/http/delays.conf")
                let web = "include \(story.folder)/nginx/teal/longdelay/web.conf;"
                try story.write(
                    """
                    location = /version {
                        limit_req zone=visitors burst=5;
                        \(web)
                    }
                    location = / {
                        auth_request /gate;
                        \(web)
                    }
                    location = /gate {
                        internal;
                        proxy_pass http://127.0.0.1:\(gate)/;
                        proxy_pass_request_body off;
                        proxy_set_header Content-Length "";
                    }
                    """, to: "nginx/site/delays.conf")
                try await story.openSite()
                // The first of a kind is not held back.
                for path in ["/version", "/"] { #expect(try await story.get(path).status == 200) }
                async let limited = story.get("/version", timeLimit: .seconds(60))
                async let asked = story.get("/", timeLimit: .seconds(60))
                try await story.deploy(["VERSION": "v2"])
                for answer in [try await limited, try await asked] {
                    #expect(answer.status == 200)
                    #expect(answer.headers["x-shop-version"] == "v2")
                }
            }
        }

        @Test("A rollback and an abort lose no upload to the colour that they take away")
        func back() async throws {
            try await Stories.tell("longback", more: "keep: {previous: removed}") { story in
                try await story.deploy(["VERSION": "v2"])
                let answer = try await story.upload("/echo") {
                    let result = try await story.teal(["rollback"])
                    #expect(result.succeeded)
                }
                #expect(answer.status == 200)
                #expect(answer.headers["x-shop-version"] == "v1")
            }
        }
    }
}
