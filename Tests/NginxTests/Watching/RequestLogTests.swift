import BlueGreen
import Glibc
import HostSystem
import Testing

@testable import Nginx

@Suite("A request log")
struct RequestLogTests {
    private static let files = FileSystem()

    /// A folder of its own for each test, gone afterwards.
    private func withFolder(_ story: (WatchFolder) throws -> Void) throws {
        let folder = "/tmp/teal-request-log-\(UInt64.random(in: 0 ... .max))"
        defer { try? Self.files.removeTree(folder) }
        let watch = AppPaths(folder).watch
        try Self.files.makeFolder(watch.path, access: .everyoneReads)
        try story(watch)
    }

    /// As nginx does, which leaves what is there.
    private func append(_ lines: [String], to watch: WatchFolder) throws {
        try append(lines.joined(separator: "\n") + "\n", to: watch)
    }

    private func append(_ text: String, to watch: WatchFolder) throws {
        let descriptor = open(watch.log, O_CREAT | O_APPEND | O_WRONLY, 0o644)
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            try #require(count > 0)
            rest = rest.dropFirst(count)
        }
    }

    private func lines(
        _ count: Int, _ colour: Colour, status: Int = 200, time: String = "0.010"
    ) -> [String] {
        Array(
            repeating: "1795210445.123|\(colour)|\(status)|\(status)|\(time)|\(time)",
            count: count)
    }

    @Test("A request log is counted by colour, with its errors and its times")
    func counts() throws {
        try withFolder { watch in
            var log = RequestLog(watch)
            try append(lines(90, .blue) + lines(10, .blue, time: "0.250"), to: watch)
            try append(lines(95, .green) + lines(5, .green, status: 502), to: watch)
            try append(["half a line"] + lines(1, .green, status: 101, time: "60.000"), to: watch)
            try log.read()
            #expect(
                log.counted.mapValues(\.figures) == [
                    .blue: RequestFigures(
                        requests: 100, errors: 0, p50: .milliseconds(10), p95: .milliseconds(250),
                        p99: .milliseconds(250)),
                    .green: RequestFigures(
                        requests: 100, errors: 5, p50: .milliseconds(10), p95: .milliseconds(10),
                        p99: .milliseconds(10)),
                ])
        }
    }

    @Test(
        "A request log tells long times to one percent, and what lasts longer than an hour as one")
    func precision() throws {
        var tally = RequestLogTally()
        for time in ["0.255", "10.000", "4000.000"] {
            tally.add(
                try #require(RequestLogLineTests.line("1.000|blue|200|200|0.000|\(time)")))
            if time == "0.255" { #expect(tally.counted.figures.p99 == .milliseconds(255)) }
        }
        let median = tally.counted.figures.p50 / .seconds(10)
        #expect((1.0...1.01).contains(median))
        #expect(tally.counted.figures.p99 == .seconds(3600))
    }

    @Test("A request log has figures of nothing without a file, and without requests")
    func nothing() throws {
        try withFolder { watch in
            var log = RequestLog(watch)
            try log.begin(at: Timestamp(milliseconds: 0))
            try log.read()
            #expect(log.counted.isEmpty)
            try Self.files.removeTree(watch.path)
            try log.read()
            #expect(log.counted.isEmpty)
            #expect(RequestLogTally().counted == .none)
        }
    }

    @Test("A request log counts from zero at each beginning, without late lines of before")
    func beginning() throws {
        try withFolder { watch in
            var log = RequestLog(watch)
            try append(lines(10, .blue), to: watch)
            try log.read()
            try log.begin(at: Timestamp(milliseconds: 1_795_210_445_124))
            #expect(log.counted.isEmpty)
            #expect(try Self.files.readText(watch.log).isEmpty)
            try append(lines(3, .blue), to: watch)
            try append(["1795210445.124|blue|200|200|0.001|0.001"], to: watch)
            try log.read()
            #expect(log.counted[.blue]?.requests == 1)
        }
    }

    @Test("A request log is emptied at its size, and no line is counted twice or left out")
    func emptied() throws {
        try withFolder { watch in
            var log = RequestLog(watch, emptyAt: .kibibytes(4))
            let many = lines(49, .green)
            for round in 1...3 {
                for _ in 1...2 {
                    try append(many, to: watch)
                    try log.read()
                }
                try append("1795210445.123|green|200|", to: watch)
                try log.read()
                #expect(try Self.files.readText(watch.log).utf8.count > 4000)
                try append("200|0.010|0.010\n", to: watch)
                try append(many, to: watch)
                try log.read()
                #expect(try Self.files.readText(watch.log).isEmpty)
                #expect(log.counted[.green]?.requests == round * 148)
            }
        }
    }
}
