import BlueGreen
import HostSystem

/// Counts the lines of the request log by colour, as nginx writes them.
struct RequestLog: Sendable {
    private var file: AppendedFile
    private var tallies: [Colour: RequestLogTally] = [:]
    /// nginx may hold back a line for a second, so that lines of a watch before come late.
    private var begun = Timestamp(milliseconds: 0)

    init(_ folder: WatchFolder) {
        file = AppendedFile(folder.log)
    }

    /// 4 MiB are some 90,000 requests.
    private static let much = ByteCount.mebibytes(4)

    var figures: [Colour: RequestFigures] { tallies.mapValues(\.figures) }

    /// Empties the file and counts from nought what ends from this moment on.
    mutating func begin(at now: Timestamp) throws {
        try file.empty()
        tallies = [:]
        begun = now
    }

    /// Adds what is new. Once it has read much, it empties the file.
    mutating func read() throws {
        let begun = begun
        var tallies = tallies
        try file.readLines { line in
            guard let line = RequestLogLine(line), line.moment >= begun else { return }
            tallies[line.colour, default: RequestLogTally()].add(line)
        }
        self.tallies = tallies
        try file.emptyWhenRead(Self.much)
    }
}
