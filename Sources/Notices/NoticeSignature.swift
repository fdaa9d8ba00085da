import Crypto

/// Proves to a receiver who wrote a notice and when.
///
/// The HMAC-SHA256, keyed with the secret's UTF-8 bytes, of these bytes: the header
/// `X-Teal-Timestamp` as it stands (seconds since 1970, in decimal), a full stop, the body as it
/// came. A receiver makes the same, compares it in constant time with `X-Teal-Signature`, and
/// refuses a timestamp that is more than some minutes old. A repeated attempt has a timestamp and
/// a signature of its own, and the same body.
enum NoticeSignature {
    /// `sha256=` and 64 hexadecimal digits.
    static func header(timestamp: String, body: [UInt8], secret: Secret<String>) -> String {
        "sha256=" + hexadecimal(of: Array("\(timestamp).".utf8) + body, key: secret.value)
    }

    static func hexadecimal(of bytes: [UInt8], key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: bytes, using: SymmetricKey(data: Array(key.utf8)))
        return code.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
