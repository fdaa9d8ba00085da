import FoundationEssentials
import Glibc

/// Facts about this process, and its rights.
package enum ProcessInformation {
    package static var pid: Int { Int(getpid()) }

    package static var isRoot: Bool { geteuid() == 0 }

    package static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// As the kernel has it, `web-1`; no name service is asked.
    package static var hostName: String {
        // A name only tells people where to look; without one they still have the app's.
        let text = (try? FileSystem().readText("/proc/sys/kernel/hostname")) ?? ""
        let name = String(text.prefix { !$0.isNewline })
        return name.isEmpty ? "this host" : name
    }

    /// As `/etc/passwd` knows it: a deploy agent may set no HOME.
    ///
    /// Read from the file, since `getpwuid` needs glibc's plug-ins, which a static program lacks.
    package static var homeFolder: String {
        let user = String(geteuid())
        // A host without a readable passwd file is served by the fallback.
        let passwd = (try? FileSystem().readText("/etc/passwd")) ?? ""
        return homeFolder(ofUser: user, passwd: passwd) ?? "/root"
    }

    static func homeFolder(ofUser user: String, passwd: String) -> String? {
        for line in passwd.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count >= 6, fields[2] == user, !fields[5].isEmpty {
                return String(fields[5])
            }
        }
        return nil
    }

    /// Whether a command of this name could be started: in PATH, in the system's folders, or as an
    /// absolute path.
    package static func hasProgram(_ name: String) -> Bool {
        CommandEnvironment(inherited: environment, overrides: [:], home: "/")
            .locate(name, isExecutable: isExecutable) != nil
    }

    /// Whether the path is a regular file that this process may execute.
    package static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return access(path, X_OK) == 0 && stat(path, &status) == 0
            && status.st_mode & S_IFMT == S_IFREG
    }
}
