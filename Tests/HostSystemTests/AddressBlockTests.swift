import HostSystem
import Testing

@Suite("A block of addresses")
struct AddressBlockTests {
    @Test(
        "A block of addresses is taken in its strict form and told in its shortest",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7/32", "192.0.2.7"), ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8:0:0::/32", "2001:db8::/32"), ("::1", "::1"), ("::/0", "::/0"),
            ("fd00::/8", "fd00::/8"),
        ])
    func taken(text: String, shown: String) {
        #expect(AddressBlock(text)?.description == shown)
    }

    @Test(
        "A block of addresses is no other text",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "010.0.0.0/8", "10.0.0.0/08",
            "10.0.0.0/", "/8", "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0 /8", "10.0.0.0/8;",
            "10.0.0.0/8\n", "fd00::1/8", "fe80::1%eth0", "::/129", "::g", "cloudflare",
            "10.0.0.0/8 1;\ndefault", "1.2.3.4:80", "[::1]", "all", "unix:",
        ])
    func refused(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
