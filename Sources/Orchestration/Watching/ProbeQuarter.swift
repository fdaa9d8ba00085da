package import BlueGreen

/// The probes of one replica in a quarter of an hour.
package struct ProbeQuarter: Hashable, Sendable {
    /// `green web-1`, or `db-1`.
    package let name: String
    /// nil for a shared service.
    package let release: ReleaseID?
    /// Quarters of an hour since 1970.
    package let quarter: Int64
    package let passes: Int
    package let failures: Int

    package init(
        name: String, release: ReleaseID?, quarter: Int64, passes: Int, failures: Int
    ) {
        self.name = name
        self.release = release
        self.quarter = quarter
        self.passes = passes
        self.failures = failures
    }

    package static let length = Duration.seconds(900)

    /// The quarter that the moment lies in.
    package static func number(of moment: Timestamp) -> Int64 {
        moment.milliseconds / length.wholeMilliseconds
    }
}
