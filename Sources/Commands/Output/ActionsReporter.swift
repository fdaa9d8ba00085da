import BlueGreen
package import Orchestration
import Synchronization

/// Lines for the log of a GitHub Actions job: a group per phase, warnings as annotations.
package final class ActionsReporter: Reporter {
    private struct State {
        var sieve = LineSieve()
        var isInGroup = false
    }

    private let clock: any WallClock
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    package init(clock: any WallClock, write: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.write = write
    }

    package func report(_ event: ProgressEvent) {
        let now = clock.now
        state.withLock { state in
            guard state.sieve.lets(event, at: now) else { return }
            // Outside of any group, so that it is read without a click.
            if Self.isEnd(event) { endGroup(&state) }
            for line in ProgressLine.lines(for: event) {
                switch line.kind {
                case .phase:
                    endGroup(&state)
                    write("::group::\(Self.escaped(line.text))\n")
                    state.isInGroup = true
                case .warning:
                    write("::warning::\(Self.escaped(line.text))\n")
                case .note, .output:
                    write("\(now.timeOfDay) \(line.text)\n")
                }
            }
        }
    }

    private static func isEnd(_ event: ProgressEvent) -> Bool {
        switch event {
        case .finished, .awaitingPromotion: true
        case .began, .entered, .room, .starting, .leftAlone, .up, .settling, .waiting, .draining,
            .observed, .note, .warning, .output:
            false
        }
    }

    /// Annotations that the job's page shows, one per line; an empty one is none. An indented line
    /// is a row of a table and stays with the sentence above it, since a page shows few of them.
    package static func errors(_ lines: [String]) -> String {
        let texts: [String] = lines.reduce(into: []) { texts, line in
            if line.hasPrefix(" "), let sentence = texts.popLast() {
                texts.append(sentence + "\n" + line)
            } else {
                texts.append(line)
            }
        }
        return texts.filter { !$0.isEmpty }.map { "::error::\(escaped($0))\n" }.joined()
    }

    private func endGroup(_ state: inout State) {
        guard state.isInGroup else { return }
        write("::endgroup::\n")
        state.isInGroup = false
    }

    /// As the runner's own toolkit escapes a command's data:
    /// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
