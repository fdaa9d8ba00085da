/// One call of the Engine API as a value.
package struct EngineRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    package let method: Method
    /// Without the version, `/containers/json`.
    package let path: String
    package var query: [(name: String, value: String)] = []
    package var body: JSONValue?
    /// The request as an error names it: "start shop-green-web-1".
    package let act: String
    /// Beside the usual 2xx, statuses that mean that it is so already.
    package var alsoGood: Set<Int> = []
    /// nil for the usual one.
    package var timeLimit: Duration?
    /// Gets the body of the answer piece by piece as it comes; the answer itself then has none.
    package var onBody: (@Sendable ([UInt8]) -> Void)?
    /// The field `X-Registry-Auth`, by which the engine speaks to a registry.
    package var registryAuth: String?

    package init(
        method: Method, path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, act: String, alsoGood: Set<Int> = [], timeLimit: Duration? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.act = act
        self.alsoGood = alsoGood
        self.timeLimit = timeLimit
    }

    /// An act changes iptables and cgroups: a host whose processor credit is spent has needed more
    /// than 20 s to remove a network.
    package var limit: Duration {
        timeLimit ?? (method == .get ? .seconds(20) : .seconds(60))
    }

    /// With the query, all escaped.
    package var target: String {
        let parts = query.map { "\($0.name)=\(Self.escaped($0.value, keeping: ""))" }
        let tail = parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
        return Self.escaped(path, keeping: "/:") + tail
    }

    /// Percent encoding of RFC 3986: everything but the unreserved characters.
    private static func escaped(_ text: String, keeping kept: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte)
                    || "-._~\(kept)".unicodeScalars.contains(scalar))
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}

/// The engine's answer to one call.
package struct EngineResponse: Sendable {
    package let status: Int
    package let body: [UInt8]
    /// The version that a daemon names in its answer to `_ping`.
    package let apiVersion: String?

    package init(status: Int, body: [UInt8], apiVersion: String?) {
        self.status = status
        self.body = body
        self.apiVersion = apiVersion
    }
}
