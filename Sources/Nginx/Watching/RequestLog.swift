import BlueGreen
import Histogram
import HostSystem

/// Counts the lines of the request log by colour, as nginx writes them.
struct RequestLog: Sendable {
    private var file: AppendedFile
    private var tallies: [Colour: RequestLogTally] = [:]
    /// nginx may hold back a line for a second, so that lines of a watch before come late.
    private var begun = Timestamp(milliseconds: 0)
    private let size: ByteCount

    /// Some 100,000 requests.
    static let usualSize = ByteCount.mebibytes(4)

    /// - Parameter size: the file is emptied once so much of it has been read.
    init(_ folder: WatchFolder, emptyAt size: ByteCount = usualSize) {
        file = AppendedFile(folder.log)
        self.size = size
    }

    var counted: [Colour: RequestTally] { tallies.mapValues(\.counted) }

    /// Empties the file, and counts requests from zero that end from this moment on.
    mutating func begin(at now: Timestamp) throws {
        try file.empty()
        tallies = [:]
        begun = now
    }

    /// Counts the new lines, and empties the file once it has grown to its size.
    mutating func read() throws {
        let begun = begun
        var tallies = tallies
        try file.readLines { line in
            guard let line = RequestLogLine(line), line.moment >= begun else { return }
            tallies[line.colour, default: RequestLogTally()].add(line)
        }
        self.tallies = tallies
        try file.emptyWhenRead(size)
    }
}

/// The requests to one colour, counted.
struct RequestLogTally: Sendable {
    private var requests = 0
    private var errors = 0
    private var turnedAway = 0
    /// In milliseconds, which is what nginx writes. Two digits: exact up to 255 ms and to 1 %
    /// beyond, since shares of slowness by far more than that are what anybody acts on. Up to an
    /// hour these are 2,048 counters of 4 bytes.
    private var latency = Histogram<UInt32>(
        highestTrackableValue: longest, numberOfSignificantValueDigits: .two)

    private static let longest: UInt64 = 3_600_000

    mutating func add(_ line: RequestLogLine) {
        // A websocket that closes says how long somebody stayed, and must not stand for a request
        // among those from which on figures count.
        guard let milliseconds = line.latency else { return }
        requests += 1
        switch line.status {
        case 500...: errors += 1
        // The client has it already, or has gone.
        case 304, 499: break
        case 300..<500: turnedAway += 1
        default: break
        }
        latency.record(min(UInt64(max(0, milliseconds)), Self.longest))
    }

    var counted: RequestTally {
        // The greatest time that a counter stands for.
        let latencies = latency.recordedValues().map {
            (Int(min($0.value, Self.longest)), Int($0.count))
        }
        return RequestTally(
            requests: requests, errors: errors, turnedAway: turnedAway,
            latencies: Dictionary(latencies, uniquingKeysWith: +))
    }
}
