import HostSystem

extension Story {
    /// Runs the body while another program listens on a port of loopback, which it is told.
    package func withTakenPort(_ body: (Int) async throws -> Void) async throws {
        let port = try await tools.freePort()
        let other = folder + "/other"
        try await tools.host("host_start_nginx", other, "\(port)")
        do {
            try await body(port)
        } catch {
            try await tools.host("host_stop_nginx", other)
            throw error
        }
        try await tools.host("host_stop_nginx", other)
    }
}
