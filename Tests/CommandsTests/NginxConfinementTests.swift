import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("Rules of the host that keep nginx from what Teal may do")
struct NginxConfinementTests {
    private func items(
        _ files: [String: String], container: String? = nil, listening: Set<Int> = [],
        ports: [Int] = [8127], isObserved: Bool = false
    ) throws -> [CheckItem] {
        let root = "/tmp/teal-confinement-\(UInt64.random(in: 0 ... .max))"
        for (path, text) in files {
            let file = root + path
            let folder = file[..<(file.lastIndex(of: "/") ?? file.startIndex)]
            try FileSystem().makeFolder(String(folder), access: .everyoneReads)
            try AtomicFile.write(text, to: file, access: .everyoneReads)
        }
        var access = NginxAccess()
        access.container = container
        let items = NginxConfinement(
            root: root, access: access,
            ports: ports.map { NginxConfinement.Port(number: $0, use: "for Teal's status server") },
            isObserved: isObserved, isListening: { listening.contains($0.number) }
        ).items
        try FileSystem().removeTree(root)
        return items
    }

    private let switchFile = "/sys/fs/selinux/booleans/httpd_can_network_connect"

    @Test("A20: An enforcing SELinux without the boolean fails the check, with the line to run")
    func connecting() throws {
        let found = try items(
            ["/sys/fs/selinux/enforce": "1", switchFile: "0 0"], listening: [8127])
        try #require(found.map(\.level) == [.fail])
        #expect(found[0].text.hasSuffix("Run: setsebool -P httpd_can_network_connect 1"))
    }

    @Test("A20: A host that lets nginx do it all is not told of", arguments: ["0", "1", nil])
    func quiet(enforce: String?) throws {
        var files = [switchFile: enforce == "1" ? "1 1" : "0 0"]
        if let enforce { files["/sys/fs/selinux/enforce"] = enforce }
        #expect(try items(files, listening: [8127]) == [])
        #expect(
            try items(["/sys/fs/selinux/enforce": "1", switchFile: "0 0"], container: "edge") == [])
    }

    @Test("A20: A port that SELinux does not know for nginx is told until somebody listens there")
    func ports() throws {
        let files = ["/sys/fs/selinux/enforce": "1\n", switchFile: "1 1\n"]
        let found = try items(files, ports: [8127, 8008])
        try #require(found.map(\.level) == [.warn])
        #expect(found[0].text.hasSuffix("Run: semanage port -a -t http_port_t -p tcp 8127"))
        #expect(try items(files, listening: [8127]) == [])
        #expect(
            try items(files, listening: [8127], isObserved: true).map(\.text).first?
                .contains("semanage fcontext -a -t httpd_log_t '/etc/nginx/teal/[^/]+/watch(/.*)?'")
                == true)
    }

    @Test("A20: A profile of AppArmor that confines nginx is named, and others are not")
    func appArmor() throws {
        let found = try items([
            "/sys/kernel/security/apparmor/profiles":
                "docker-default (enforce)\n/usr/sbin/nginx (enforce)\nnginx (complain)\n"
        ])
        try #require(found.map(\.name) == ["apparmor"])
        #expect(found[0].text.contains("by the profile /usr/sbin/nginx, "))
    }

    @Test("A20: What systemd forbids nginx.service is told with its file and line")
    func systemd() throws {
        let found = try items([
            "/usr/lib/systemd/system/nginx.service":
                "[Service]\nPrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX AF_INET\n",
            "/etc/systemd/system/nginx.service.d/hard.conf":
                "[Service]\n# PrivateNetwork=yes\nPrivateNetwork=\nIPAddressDeny = any\n"
                + "RestrictAddressFamilies=~AF_INET\n",
        ])
        try #require(found.map(\.name) == ["systemd", "systemd"])
        #expect(
            found[0].text.hasPrefix(
                "/etc/systemd/system/nginx.service.d/hard.conf:4 says IPAddressDeny=any: "))
        #expect(found[1].text.contains("hard.conf:5 says RestrictAddressFamilies=~AF_INET"))
    }
}
