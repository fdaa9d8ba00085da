import Testing

@testable import HostSystem

@Suite("The environment of outside programs")
struct CommandEnvironmentTests {
    @Test("A bare environment gets the variables that programs need")
    func bare() {
        let environment = CommandEnvironment(inherited: [:], overrides: [:], home: "/home/me")
        #expect(
            environment.variables == [
                "PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin",
                "HOME": "/home/me", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            ])
    }

    @Test("A variable that is set stays, and overrides win")
    func set() {
        let environment = CommandEnvironment(
            inherited: ["HOME": "/h", "LANG": "de_DE.UTF-8", "LC_ALL": "C", "A": "1", "B": "1"],
            overrides: ["B": "2"], home: "/home/me")
        #expect(environment.variables["HOME"] == "/h")
        #expect(environment.variables["LANG"] == "de_DE.UTF-8")
        #expect(environment.variables["LC_ALL"] == "C")
        #expect(environment.variables["A"] == "1")
        #expect(environment.variables["B"] == "2")
    }

    @Test("With cron's PATH a program in /usr/sbin is found, behind what PATH names")
    func searchOrder() {
        let environment = CommandEnvironment(
            inherited: ["PATH": "/opt/bin:/usr/bin:/bin"], overrides: [:], home: "/")
        #expect(environment.locate("nginx") { $0 == "/usr/sbin/nginx" } == "/usr/sbin/nginx")
        #expect(environment.locate("nginx") { _ in true } == "/opt/bin/nginx")
        #expect(environment.locate("nginx") { _ in false } == nil)
    }

    @Test("Nothing is run from the working directory by accident", arguments: [".", "bin", ""])
    func relativeFolders(entry: String) {
        let environment = CommandEnvironment(
            inherited: ["PATH": "\(entry):/bin"], overrides: [:], home: "/")
        #expect(environment.locate("sh") { _ in true } == "/bin/sh")
    }

    @Test("A path is taken as it stands")
    func path() {
        let environment = CommandEnvironment(inherited: [:], overrides: [:], home: "/")
        #expect(environment.locate("/opt/x/docker") { $0 == "/opt/x/docker" } == "/opt/x/docker")
        #expect(environment.locate("/opt/x/docker") { _ in false } == nil)
    }

    @Test("The home folder comes from the passwd file")
    func homeFolder() {
        let passwd = """
            root:x:0:0:root:/root:/bin/bash
            broken
            ci:x:1001:1001::/srv/ci:/bin/sh
            none:x:1002:1002:::/bin/sh
            """
        #expect(ProcessInformation.homeFolder(ofUser: "1001", passwd: passwd) == "/srv/ci")
        #expect(ProcessInformation.homeFolder(ofUser: "1002", passwd: passwd) == nil)
        #expect(ProcessInformation.homeFolder(ofUser: "7", passwd: passwd) == nil)
    }
}
