import NIOCore

extension ByteBuffer {
    /// How many readable bytes there are up to and with the first empty line.
    var firstEmptyLine: Int? {
        withUnsafeReadableBytes { bytes in
            var index = 3
            while index < bytes.count {
                // Most bytes are neither, and then the end is at least four bytes away.
                switch bytes[index] {
                case 0x0A:
                    if bytes[index - 1] == 0x0D, bytes[index - 2] == 0x0A, bytes[index - 3] == 0x0D
                    {
                        return index + 1
                    }
                    index += 2
                case 0x0D: index += 1
                default: index += 4
                }
            }
            return nil
        }
    }

    /// Takes one line, without its end; nothing while there is no whole one.
    mutating func readLine() -> [UInt8]? {
        guard let end = readableBytesView.firstIndex(of: 0x0A) else { return nil }
        let line = readBytes(length: end - readerIndex)
        moveReaderIndex(forwardBy: 1)
        return line?.last == 0x0D ? line?.dropLast() : line
    }
}
