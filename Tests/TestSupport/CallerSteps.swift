/// A step of a workflow of GitHub Actions: the lines that its shell runs, and its variables.
package struct WorkflowStep: Hashable, Sendable {
    package var name = ""
    package var folder: String?
    package var script = ""
    /// Each with the expression or the word that it is given, `secrets.KEY`.
    package var variables: [String: String] = [:]

    /// The steps with a script, in their order. The workflow is one that Teal writes: steps are
    /// indented by six spaces, and their keys by eight.
    package static func all(in workflow: String) -> [WorkflowStep] {
        let lines = workflow.split(separator: "\n", omittingEmptySubsequences: false)
        var steps: [WorkflowStep] = []
        var key = ""
        for line in lines {
            if line.hasPrefix("      - ") { steps.append(WorkflowStep()) }
            guard let last = steps.indices.last else { continue }
            let rest = line.dropFirst(8)
            if rest.first != " ", !rest.isEmpty, !rest.hasPrefix("#") {
                let parts = rest.split(separator: ":", maxSplits: 1).map(String.init)
                let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
                key = parts[0]
                switch key {
                case "name": steps[last].name = value
                case "working-directory": steps[last].folder = value
                case "run" where value != "|": steps[last].script = value + "\n"
                default: break
                }
            } else if key == "run" {
                steps[last].script += rest.dropFirst(2) + "\n"
            } else if key == "env", rest.hasPrefix("  ") {
                let parts = rest.dropFirst(2).split(separator: ":", maxSplits: 1)
                let value = parts[1].drop { $0 == " " }
                steps[last].variables[String(parts[0])] =
                    value.hasPrefix("${{ ") ? String(value.dropFirst(4).dropLast(3)) : String(value)
            }
        }
        return steps.filter { !$0.script.isEmpty }
    }
}

/// What the `sh` steps of a declarative Jenkinsfile run.
package enum JenkinsSteps {
    /// By the stage that they are in, or by the condition of `post`, each in its order. The file is
    /// one that Teal writes.
    package static func all(in pipeline: String) -> [String: [String]] {
        var steps: [String: [String]] = [:]
        var place = ""
        var script: String?
        for line in pipeline.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = line.drop { $0 == " " }
            if let lines = script {
                if text == "'''" {
                    steps[place, default: []].append(lines)
                    script = nil
                } else {
                    script = lines + line + "\n"
                }
            } else if text.hasPrefix("stage('") {
                place = String(text.dropFirst(7).prefix { $0 != "'" })
            } else if text == "aborted {" {
                place = "aborted"
            } else if text == "sh '''" {
                script = ""
            } else if text.hasPrefix("sh '") {
                steps[place, default: []].append(String(text.dropFirst(4).dropLast()) + "\n")
            }
        }
        return steps
    }
}
