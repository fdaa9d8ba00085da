import HostSystem

/// The names of an app's nginx variables. A stock nginx puts them into a hash whose buckets have
/// 64 bytes (`variables_hash_bucket_size`), which takes names of at most 46 characters. A longer
/// one has a short form, which is always the same.
///
/// A readable name has an odd number of `_` where the app ends, since a dash becomes two. The
/// short form of a service's variable has nowhere an odd number, and that of a stem has it where
/// sixteen digits follow, which begin no word of Teal's. So a short form is never a readable name.
enum VariableName {
    /// nginx: the length, two bytes and padding, and two pointers, in 64 bytes.
    static let longest = 46

    /// The longest word of Teal's own, with the `_` around the stem.
    private static let longestOwn = "__maintenance_path".utf8.count

    /// The app in `$_STEM_colour`.
    static func stem(of app: String) -> String {
        let readable = readableStem(of: app)
        let limit = longest - longestOwn
        return readable.utf8.count <= limit
            ? readable : shortened(app, to: limit, of: app, separator: "_")
    }

    /// Without its `$`: `shop_web`.
    ///
    /// - Parameter service: as it stands in the names of groups.
    static func of(_ service: String, in app: String) -> String {
        let readable = readable(service, in: app)
        return readable.utf8.count <= longest
            ? readable
            : shortened(app, to: longest, of: "\(app)/\(service)", separator: "__")
    }

    static func readableStem(of app: String) -> String { underscored(app) }

    static func readable(_ service: String, in app: String) -> String {
        underscored(app) + "_" + underscored(service)
    }

    private static func underscored(_ name: String) -> String {
        name.replacing("-", with: "__")
    }

    /// The app's beginning, and digits that stand for the whole.
    private static func shortened(
        _ app: String, to limit: Int, of whole: String, separator: String
    ) -> String {
        let digits = FNV1a.hexDigest(whole.utf8)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        var beginning = app.prefix(limit)
        while beginning.last == "-"
            || underscored(String(beginning)).utf8.count > limit - separator.utf8.count - 16
        {
            beginning.removeLast()
        }
        return underscored(String(beginning)) + separator + padded
    }
}
