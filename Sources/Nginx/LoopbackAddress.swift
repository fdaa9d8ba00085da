import HostSystem

/// An address of this host that is a service's own, so that nginx knows by it whom a request was
/// for: in `reload` mode the user's own lines say what Host header it comes with.
enum LoopbackAddress {
    /// One of the four million of 127.64.0.0/10, always the same for a name. All of 127.0.0.0/8 is
    /// the host itself on Linux.
    static func address(for name: String) -> String {
        // The upper half depends on all of the name.
        let bits = FNV1a.hash(name.utf8) >> 42
        return "127.\(64 + (bits >> 16) & 0x3f).\(bits >> 8 & 0xff).\(bits & 0xff)"
    }
}
