extension Cgroup {
    /// How many processors' time the cgroup may use; nil where no quota stands at it.
    func processorQuota() throws -> Double? {
        guard let quota = try quota() else { return nil }
        return Double(quota.allowed) / Double(quota.period)
    }

    /// How long some task of it waited for a processor, by its pressure, else by the periods in
    /// which the quota was used up.
    func processorStalled() throws -> Duration? {
        if let pressure = try pressure(on: .processor) { return pressure.some }
        guard let quota = try quota(),
            let throttled = try file("cpu.stat").text()
                .flatMap({ FlatKeyedText($0)["nr_throttled"] })
        else { return nil }
        return .microseconds(throttled * quota.period)
    }

    /// Both in microseconds.
    private func quota() throws -> (allowed: Int64, period: Int64)? {
        switch version {
        case .one:
            // -1 is no quota.
            guard let allowed = try file("cpu.cfs_quota_us").number(), allowed > 0,
                let period = try file("cpu.cfs_period_us").number(), period > 0
            else { return nil }
            return (allowed, period)
        case .two:
            // `100000 100000`, or `max 100000` for no quota.
            let fields = try file("cpu.max").text()?.split(whereSeparator: \.isWhitespace)
            guard let fields, fields.count == 2, let allowed = Int64(fields[0]),
                let period = Int64(fields[1]), period > 0
            else { return nil }
            return (allowed, period)
        }
    }
}
