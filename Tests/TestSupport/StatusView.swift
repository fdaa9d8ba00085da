/// What a story looks at of `teal status --json`.
package struct StatusView: Decodable, Sendable {
    package let traffic: Traffic?
    package let unfinished: Unfinished?

    package struct Traffic: Decodable, Sendable {
        package let colour: String
        package let canary: Canary?
    }

    package struct Canary: Decodable, Sendable {
        package let colour: String
        package let percent: Double
    }

    package struct Unfinished: Decodable, Sendable {
        package let phase: String
    }
}
