package import BlueGreen

extension PlannedService {
    /// Whether a container of it that ended with this code has done its work. A service without a
    /// check may be a one-shot that nobody declared as such. A singleton is none: it ends well
    /// also when somebody stops it.
    package func isDone(withExitCode code: Int) -> Bool {
        code == 0 && (isOneShot || (healthCheck == nil && role != .singleton))
    }
}

extension Container {
    /// A program that obeys SIGTERM ends with 0 as well, so that one which was known to keep running
    /// has done no work that ends: it was stopped.
    ///
    /// - Parameter service: nil where nothing is known of it but its container.
    func hasDoneItsWork(for service: PlannedService?) -> Bool {
        guard case .exited(let code, _) = state else { return false }
        if keepsRunning, service?.isOneShot != true { return false }
        return service?.isDone(withExitCode: code) ?? (code == 0)
    }
}

extension ContainerEnding {
    /// Whether it is more than work that was done.
    func isTrouble(of service: PlannedService) -> Bool {
        exitCode.map { !service.isDone(withExitCode: $0) } ?? true
    }
}
