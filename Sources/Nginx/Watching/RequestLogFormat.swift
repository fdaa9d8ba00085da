/// The line that nginx writes down for each request of a watched app, the one definition for both:
/// nginx writes it, `RequestLogLine` reads it.
///
/// `1795210445.123|green|200|502, 200|0.012|0.004, 0.007`
enum RequestLogFormat {
    /// In the order of the line.
    enum Field: Int, CaseIterable {
        /// When the request had ended, in seconds.
        case moment
        case colour
        case status
        /// A list where nginx asked more than one server; `-` where it asked none.
        case upstreamStatus
        case requestTime
        /// A list like that of the statuses.
        case upstreamTime
    }

    static let order = Field.allCases

    /// Lists hold spaces, commas and colons, and none of the fields anything that a client sent.
    static let separator = UInt8(ascii: "|")

    /// For the http block.
    ///
    /// - Parameters:
    ///   - name: how `access_log` calls the format.
    ///   - colour: the variable, without its `$`, that says who got the request.
    static func directive(named name: String, colour: String) -> String {
        let fields = order.map { variable(of: $0, colour: colour) }
        let line = fields.joined(separator: String(UnicodeScalar(separator)))
        return "log_format \(name) '\(line)';\n"
    }

    private static func variable(of field: Field, colour: String) -> String {
        switch field {
        case .moment: "$msec"
        case .colour: "$\(colour)"
        case .status: "$status"
        case .upstreamStatus: "$upstream_status"
        case .requestTime: "$request_time"
        case .upstreamTime: "$upstream_response_time"
        }
    }
}
