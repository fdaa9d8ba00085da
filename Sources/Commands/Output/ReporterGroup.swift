package import Orchestration

/// Several readers of the same events.
package struct ReporterGroup: Reporter {
    private let reporters: [any Reporter]

    package init(_ reporters: [any Reporter]) {
        self.reporters = reporters
    }

    package func report(_ event: ProgressEvent) {
        for reporter in reporters { reporter.report(event) }
    }
}
