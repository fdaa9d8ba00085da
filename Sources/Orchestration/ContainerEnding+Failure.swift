import BlueGreen

extension ContainerEnding {
    var cause: Failure.Cause {
        exitCode.map { .exited(replica, code: $0) } ?? .unhealthy(replica)
    }

    /// How the replica ended, as a predicate to its name.
    ///
    /// - Parameter since: when its colour got traffic.
    func predicate(_ colour: Colour, since: Timestamp) -> String {
        let moment = "\(max(at - since, .zero).text) after \(colour) got traffic"
        return switch (exitCode, isOutOfMemory) {
        case (nil, _):
            "ran out of memory and had a process OOM-killed \(moment)."
        case (137?, true):
            "ran out of memory and was OOM-killed (exit code 137) \(moment)."
        case (let code?, true):
            "ended with exit code \(code) \(moment): it ran out of memory, and one of its "
                + "processes was OOM-killed."
        // The kernel's own lines name its victims also where the host itself was out of memory.
        case (137?, false):
            "was killed (exit code 137) \(moment); `dmesg` says whether it was out of memory."
        case (let code?, false):
            "ended with exit code \(code), \(moment)."
        }
    }
}
