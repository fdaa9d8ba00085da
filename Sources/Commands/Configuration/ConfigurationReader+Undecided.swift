import BlueGreen
import Yams

extension ConfigurationReader.Reading<ServiceRole> {
    /// `teal init` writes `undecided` where a compose file does not tell the role.
    static var role: Self {
        Self { reader, field, example in
            guard ConfigurationReader.isUndecided(field) else {
                return reader.word(field, as: ServiceRole.self, example: example)
            }
            reader.note(
                "\(field.path) is undecided, and only you can decide it: put one of the lines above "
                    + "it in its place, or write `role: internal`", at: field)
            return nil
        }
    }
}

extension ConfigurationReader {
    static func isUndecided(_ role: Field) -> Bool { role.node.scalar?.string == "undecided" }

    /// The entry of a service that has no role yet, and may be what takes requests.
    func hasUndecidedRole(_ service: Field) -> Bool {
        service.node["role"]?.scalar?.string == "undecided"
    }
}
