import FoundationEssentials

/// Records as JSON text with sorted keys, so that equal records are equal text.
enum RecordText {
    static func encode(_ record: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(record), as: UTF8.self)
    }

    /// - Parameters:
    ///   - name: of the record, for the error.
    ///   - path: of the store, for the error.
    static func decode<Record: Decodable>(
        _ type: Record.Type, from text: String, name: String, path: String
    ) throws -> Record {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch let error as DecodingError {
            throw PersistenceError.unreadable(
                record: name, path: path, reason: reason(of: error))
        }
    }

    private static func reason(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(place(context))no \(key.stringValue) is there"
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            "\(place(context))\(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let keys = context.codingPath.map(\.stringValue)
        return keys.isEmpty ? "" : keys.joined(separator: ".") + ": "
    }
}
