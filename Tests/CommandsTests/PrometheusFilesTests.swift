import FoundationEssentials
import TestSupport
import Testing

@testable import Commands

/// The alerts, the dashboard and the page that people copy from.
@Suite("Files for Prometheus and Grafana")
struct PrometheusFilesTests {
    private static let root = #filePath.components(separatedBy: "/").dropLast(3)
        .joined(separator: "/")
    private static let names = Set(Metric.allCases.map(\.rawValue))

    private static func text(_ path: String) throws -> String {
        let data = try #require(FileManager.default.contents(atPath: "\(root)/\(path)"))
        return String(decoding: data, as: UTF8.self)
    }

    /// Histograms have their name with three endings.
    private static func metrics(in text: String) -> Set<String> {
        Set(
            text.matches(of: /\b(?:teal|process)_[a-z_]+/).map { String($0.output) }.map { name in
                let stem = name.replacing(/_(bucket|sum|count)$/, with: "")
                return names.contains(stem) ? stem : name
            })
    }

    @Test(
        "They ask for metrics that there are",
        arguments: ["prometheus/alerts.yml", "prometheus/alerts-test.yml", "grafana/teal.json"])
    func asksForMetrics(file: String) throws {
        let asked = Self.metrics(in: try Self.text("compose/\(file)"))
        #expect(!asked.isEmpty)
        #expect(asked.isSubset(of: Self.names), "\(asked.subtracting(Self.names))")
    }

    @Test("The documentation has each metric with its type and its meaning")
    func documented() throws {
        let page = try Self.text("Sources/Commands/Teal.docc/Metrics.md")
        for metric in Metric.allCases {
            let row = try #require(
                page.split(separator: "\n").first { $0.hasPrefix("| `\(metric.rawValue)") },
                "\(metric.rawValue)")
            let cells = row.split(separator: "|").map {
                $0.split(separator: " ").joined(separator: " ")
            }
            #expect(cells.dropFirst().first == metric.kind.rawValue, "\(row)")
            #expect(cells.last == metric.help, "\(row)")
        }
        #expect(Self.metrics(in: page).isSubset(of: Self.names))
    }

    @Test("The dashboard is JSON, and each panel has a title and something to ask")
    func dashboard() throws {
        struct Dashboard: Decodable {
            struct Panel: Decodable {
                struct Target: Decodable { let expr: String }

                let title: String
                let targets: [Target]
            }

            let uid: String
            let panels: [Panel]
        }
        let board = try JSONDecoder().decode(
            Dashboard.self, from: Data(try Self.text("compose/grafana/teal.json").utf8))
        #expect(board.uid == "teal")
        #expect(board.panels.count >= 10)
        for panel in board.panels {
            #expect(!panel.title.isEmpty)
            #expect(!panel.targets.isEmpty && panel.targets.allSatisfy { !$0.expr.isEmpty })
        }
    }
}
