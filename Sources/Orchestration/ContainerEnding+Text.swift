import BlueGreen

extension ContainerEnding {
    /// Whether it is more than work that was done: an exit code of 0 of what nothing probes.
    func isTrouble(of service: PlannedService) -> Bool {
        if service.isOneShot || service.healthCheck == nil {
            return exitCode.map { $0 != 0 } ?? isOutOfMemory
        }
        return true
    }

    var cause: Failure.Cause {
        exitCode.map { .exited(replica, code: $0) } ?? .unhealthy(replica)
    }

    /// What is to be said of the replica.
    ///
    /// - Parameter since: when its colour got traffic.
    func predicate(_ colour: Colour, since: Timestamp) -> String {
        let moment = "\(max(at - since, .zero).text) after \(colour) got traffic"
        return switch (exitCode, isOutOfMemory) {
        case (nil, _):
            "had a process killed for want of memory \(moment)."
        case (137?, true):
            "was killed for want of memory (exit code 137) \(moment)."
        case (let code?, true):
            "ended with exit code \(code) \(moment), once a process of it had been killed for "
                + "want of memory."
        // The kernel's own lines name its victims also where it was the host that had none left.
        case (137?, false):
            "was killed (exit code 137) \(moment); `dmesg` says whether for want of memory."
        case (let code?, false):
            "ended with exit code \(code), \(moment)."
        }
    }
}
