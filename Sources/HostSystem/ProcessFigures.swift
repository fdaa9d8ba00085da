package import BlueGreen
import Glibc

/// The use that this process makes of its host.
package struct ProcessFigures: Hashable, Sendable {
    package let processorTime: Duration
    package let residentMemory: ByteCount
    package let virtualMemory: ByteCount
    package let openFiles: Int
    package let mostFiles: Int
    package let startedAt: Timestamp

    /// Reads `/proc/self`; nil where the kernel does not tell.
    package static func now(proc: String = "/proc") throws -> ProcessFigures? {
        guard let stat = try KernelFile("\(proc)/self/stat").text(),
            let host = try KernelFile("\(proc)/stat").text(),
            let boot = host.split(separator: "\n").first(where: { $0.hasPrefix("btime ") })
                .flatMap({ Int64($0.dropFirst(6)) }),
            // The name before it stands in parentheses and may hold anything.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        // From the third field on, the state of the process.
        let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace)
            .map { Int64($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        let perSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessFigures(
            processorTime: .milliseconds((fields[11] + fields[12]) * 1000 / perSecond),
            residentMemory: ByteCount(bytes: fields[21] * Int64(sysconf(Int32(_SC_PAGESIZE)))),
            virtualMemory: ByteCount(bytes: fields[20]),
            openFiles: try FileSystem().list("\(proc)/self/fd").count,
            mostFiles: Int(clamping: limit.rlim_cur),
            startedAt: Timestamp(milliseconds: boot * 1000 + fields[19] * 1000 / perSecond))
    }
}
