import BlueGreen

extension RequestFigures {
    /// `240 requests, 12 with a 5xx (5%), p95 40 ms`
    var text: String {
        let count = requests == 1 ? "1 request" : "\(requests) requests"
        return requests == 0 ? "no requests" : "\(count), \(errorText) with a 5xx, p95 \(p95.text)"
    }

    /// `0`, `12 (5%)`
    var errorText: String {
        errors == 0 ? "0" : "\(errors) (\(errorShare.preciseText))"
    }
}
