import BlueGreen
import HostSystem

/// Counts the lines of the request log by colour, as nginx writes them.
struct RequestLog: Sendable {
    private var file: AppendedFile
    private var tallies: [Colour: RequestLogTally] = [:]
    /// nginx may hold back a line for a second, so that lines of a watch before come late.
    private var begun = Timestamp(milliseconds: 0)
    private let much: ByteCount

    /// Some 100,000 requests.
    static let much = ByteCount.mebibytes(4)

    /// - Parameter much: how much of the file has been read when it is emptied.
    init(_ folder: WatchFolder, much: ByteCount = much) {
        file = AppendedFile(folder.log)
        self.much = much
    }

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
        try file.emptyWhenRead(much)
    }
}
