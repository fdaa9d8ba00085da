package import BlueGreen
import Glibc
import SystemPackage

/// A file of lines that another program appends to, read as it grows.
package struct AppendedFile: Sendable {
    private let path: String
    /// The file that stood at the path at the last reading.
    private var identity: FileIdentity?
    /// The end of the lines that were read. A line without an end is read once it has one.
    private var offset: Int64 = 0

    /// The bytes that one reading takes; a longer line is skipped.
    private static let piece = 256 * 1024

    package init(_ path: String) {
        self.path = path
    }

    /// Hands out the whole lines that were added since the last time, without their ends. Without
    /// a file there are none; a file that was replaced or shortened is read from its beginning.
    package mutating func readLines(_ body: (UnsafeRawBufferPointer) -> Void) throws {
        guard let descriptor = try open(.readOnly) else { return forget() }
        try HostError.translating(path: path, act: "read") {
            try descriptor.closeAfter {
                try follow(descriptor)
                try withUnsafeTemporaryAllocation(byteCount: Self.piece, alignment: 16) {
                    try readPieces(of: descriptor, into: $0, body)
                }
            }
        }
    }

    /// Cuts the file to length zero, once all of it was read and that was at least this much.
    ///
    /// A line that the other program adds at this very moment may be lost; the next one is the
    /// first.
    package mutating func emptyWhenRead(_ least: ByteCount) throws {
        guard offset >= least.bytes, let descriptor = try open(.writeOnly) else { return }
        try HostError.translating(path: path, act: "empty") {
            try descriptor.closeAfter {
                guard try status(descriptor).st_size == offset else { return }
                try cut(descriptor)
                offset = 0
            }
        }
    }

    /// Cuts the file to length zero, read or not; without a file there is nothing to do.
    package mutating func empty() throws {
        forget()
        guard let descriptor = try open(.writeOnly) else { return }
        try HostError.translating(path: path, act: "empty") {
            try descriptor.closeAfter { try cut(descriptor) }
        }
    }

    private mutating func forget() {
        identity = nil
        offset = 0
    }

    /// nil where there is no file.
    private func open(_ mode: FileDescriptor.AccessMode) throws -> FileDescriptor? {
        try HostError.translating(path: path, act: "open") {
            do {
                return try FileDescriptor.open(path, mode, options: [.closeOnExec, .noFollow])
            } catch Errno.noSuchFileOrDirectory {
                return nil
            }
        }
    }

    private mutating func follow(_ descriptor: FileDescriptor) throws {
        let status = try status(descriptor)
        let found = FileIdentity(status)
        if found != identity || status.st_size < offset { offset = 0 }
        identity = found
    }

    private mutating func readPieces(
        of descriptor: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) throws {
        while true {
            let count = try descriptor.read(fromAbsoluteOffset: offset, into: buffer)
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            let read = handOutLines(in: bytes, body)
            // A piece without an end of line is skipped, but for the last one.
            offset += Int64(read == 0 && count == buffer.count ? count : read)
            if count < buffer.count { return }
        }
    }

    /// - Returns: how many bytes the whole lines are.
    private func handOutLines(
        in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
    ) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        var read = 0
        while let end = memchr(start + read, CInt(UInt8(ascii: "\n")), bytes.count - read) {
            let line = UnsafeRawPointer(end) - (start + read)
            body(UnsafeRawBufferPointer(start: start + read, count: line))
            read += line + 1
        }
        return read
    }

    private func cut(_ descriptor: FileDescriptor) throws {
        guard ftruncate(descriptor.rawValue, 0) == 0 else { throw Errno(rawValue: errno) }
    }

    private func status(_ descriptor: FileDescriptor) throws -> stat {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        return status
    }
}
