import Glibc

/// The state of this process that everything else in it relies on.
package enum ProcessStart {
    /// Connections, files and pipes of a deployment with many replicas.
    private static let wantedFiles: rlim_t = 1024
    private static let neededFiles: rlim_t = 64
    /// A program that Teal starts may go through all numbers up to the limit.
    private static let mostFiles: rlim_t = 65_536
    private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// To be called before anything opens a file.
    ///
    /// - Returns: why nothing can be done in this process, in whole sentences; nil where it can.
    package static func prepare() -> String? {
        openStandardDescriptors()
        return raiseFileLimit()
    }

    /// A file that is opened while one of them is closed would get its number. What is meant for a
    /// reader would then be written into that file.
    private static func openStandardDescriptors() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    private static func raiseFileLimit() -> String? {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0 else { return nil }
        let given = limit.rlim_cur
        if limit.rlim_max < wantedFiles {
            // Root may raise the hard limit too; for others this fails and changes nothing.
            var raised = rlimit(rlim_cur: wantedFiles, rlim_max: wantedFiles)
            if setrlimit(openFiles, &raised) == 0 { return nil }
        }
        limit.rlim_cur = max(given, min(limit.rlim_max, mostFiles))
        guard setrlimit(openFiles, &limit) == 0 else { return nil }
        guard limit.rlim_cur >= neededFiles else {
            return "Teal needs \(neededFiles) open files at once, and this process may have "
                + "\(limit.rlim_cur). Next: raise the limit (`ulimit -n 1024`) and run it again."
        }
        return nil
    }
}
