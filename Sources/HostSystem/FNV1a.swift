/// FNV-1a, 64 bit: it tells contents apart, and is no protection against forgery.
package enum FNV1a {
    /// The hash of the bytes in their order.
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// Without leading zeros.
    package static func hexDigest(_ bytes: some Sequence<UInt8>) -> String {
        String(hash(bytes), radix: 16)
    }
}
