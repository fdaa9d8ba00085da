/// FNV-1a, 64 bit: tells contents apart, and is no protection against somebody who forges one.
enum FNV1a {
    static func hexDigest(_ bytes: some Sequence<UInt8>) -> String {
        var digest: UInt64 = 14_695_981_039_346_656_037
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(digest, radix: 16)
    }
}
