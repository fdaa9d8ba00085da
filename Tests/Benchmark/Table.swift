import Glibc

/// Prints rows as Markdown, so that a run can be pasted into Figures.md.
struct Table {
    private let columns: [String]
    private var rows: [[String]] = []

    init(_ columns: String...) {
        self.columns = columns
    }

    mutating func add(_ cells: String...) {
        add(cells)
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    func print(title: String) {
        Swift.print("\n\(title)\n")
        Swift.print("| \(columns.joined(separator: " | ")) |")
        Swift.print("|\(columns.map { _ in "---" }.joined(separator: "|"))|")
        for row in rows { Swift.print("| \(row.joined(separator: " | ")) |") }
        // Into a file or a pipe, too, it comes as soon as it is known.
        fflush(nil)
    }
}

extension [Double] {
    /// The value below which this share of the values lies; 0 where there is none.
    func percentile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        let ordered = sorted()
        return ordered[Swift.min(ordered.count - 1, Int(Double(ordered.count) * share))]
    }

    var median: Double { percentile(0.5) }
}

extension Double {
    /// With this many decimals.
    func text(_ decimals: Int = 1) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((self * scale).rounded())
        guard decimals > 0 else { return "\(scaled)" }
        let rest = "\(abs(scaled) % Int(scale))"
        let zeros = String(repeating: "0", count: decimals - rest.count)
        return "\(scaled < 0 ? "-" : "")\(abs(scaled) / Int(scale)).\(zeros)\(rest)"
    }
}
