/// One thing that is wrong with a `teal.yml`, and where.
package struct ConfigurationMistake: Hashable, Sendable, CustomStringConvertible {
    /// As the user would name it, `teal.yml`.
    package let file: String
    /// Both count from 1; a column counts Unicode scalars.
    package let line: Int
    package let column: Int
    package let text: String

    package init(file: String, line: Int, column: Int, text: String) {
        self.file = file
        self.line = line
        self.column = column
        self.text = text
    }

    package var description: String { "\(file):\(line):\(column): \(text)" }
}
