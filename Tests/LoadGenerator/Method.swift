import ArgumentParser

/// The methods that are told apart by whether a client may send them twice.
enum Method: String, ExpressibleByArgument, CaseIterable, Codable {
    case get = "GET"
    case post = "POST"
}
