/// The engine's account of a push: lines of JSON, the last of which has the digest. The status of
/// the answer is 200 also where the push has failed.
struct PushAccount: Sendable {
    /// Of the manifest, as the registry has it.
    private(set) var digest: String?
    private(set) var failure: String?
    private var rest: [UInt8] = []
    private var layers: [String: Layer] = [:]

    private struct Layer: Sendable {
        var isThere = false
        /// Of ten.
        var tenths: Int64 = 0
        /// Seconds.
        var countdown = 0
    }

    /// The length that a line of it never has; a longer one is dropped.
    private static let longest = 1_048_576

    /// - Returns: lines to tell, of all that has come by now.
    mutating func take(_ piece: [UInt8]) -> [String] {
        rest += piece
        var lines: [String] = []
        while let end = rest.firstIndex(of: 0x0a) {
            if let line = take(line: Array(rest[..<end])) { lines.append(line) }
            rest.removeSubrange(...end)
        }
        if rest.count > Self.longest { rest = [] }
        return lines
    }

    private mutating func take(line bytes: [UInt8]) -> String? {
        // Another line than JSON says nothing; whether there is a digest decides.
        guard let line = try? JSONValue(parsing: bytes) else { return nil }
        if let error = line["errorDetail"]?["message"]?.string ?? line["error"]?.string {
            failure = error
        }
        if let found = line["aux"]?["Digest"]?.string { digest = found }
        guard let id = line["id"]?.string, let status = line["status"]?.string else { return nil }
        return progress(of: id, status, line["progressDetail"])
    }

    private mutating func progress(
        of id: String, _ status: String, _ detail: JSONValue?
    ) -> String? {
        var layer = layers[id] ?? Layer()
        defer { layers[id] = layer }
        switch status {
        case "Pushed", "Layer already exists",
            _ where status.hasPrefix("Mounted from"):
            guard !layer.isThere else { return nil }
            layer.isThere = true
            let done = layers.count { $0.key != id && $0.value.isThere } + 1
            let words = status == "Pushed" ? "pushed" : "there already"
            return "layer \(done) of \(max(layers.count, done)) \(words)"
        case "Pushing":
            guard let current = detail?["current"]?.integer, let total = detail?["total"]?.integer,
                total >= Self.largeLayer
            else { return nil }
            let tenths = min(Int64(current) * 10 / Int64(total), 10)
            guard tenths > layer.tenths else { return nil }
            layer.tenths = tenths
            return "\(tenths * 10) % of \(total / 1_000_000) MB"
        case _ where status.hasPrefix("Retrying"):
            // It counts down, and then from more.
            let seconds = Int(status.filter(\.isNumber)) ?? 0
            defer { layer.countdown = seconds }
            return seconds > layer.countdown ? "\(id): \(status)" : nil
        default: return nil
        }
    }

    /// A smaller one has no progress of its own.
    private static let largeLayer = 20_000_000
}
