import BlueGreen
import FoundationEssentials
import Testing

@testable import Commands

@Suite("The nine services in compose/nine/")
struct NineServicesExampleTests {
    private static let folder =
        #filePath.components(separatedBy: "/").dropLast(3)
        .joined(separator: "/") + "/compose/nine/"

    private func text(_ name: String) throws -> String {
        let data = try #require(FileManager.default.contents(atPath: Self.folder + name))
        return String(decoding: data, as: UTF8.self)
    }

    private var configuration: AppConfiguration {
        get throws {
            try AppConfiguration(yaml: try text("teal.yml"), file: "teal.yml", environment: [:])
        }
    }

    @Test("Infrastructure is shared, the consumer runs in one colour, the application in both")
    func roles() throws {
        let services = try configuration.services
        #expect(services.count == 9)
        for name in ["rabbitmq", "config", "eureka", "zookeeper", "kafka"] {
            #expect(services[name]?.role == .shared, "\(name)")
        }
        #expect(services["consumer"]?.role == .singleton)
        #expect(services["gateway"]?.role == .exposed)
        #expect(services["chat"]?.role == nil && services["gesture"]?.role == nil)
    }

    @Test("Every service is probed by a request on a socket")
    func probes() throws {
        let request = HealthCheck.Method.http(
            port: 8080, path: "/healthz", host: nil, expected: [200...399])
        for (name, service) in try configuration.services {
            #expect(service.healthCheck?.method == request, "\(name)")
        }
    }

    @Test("It starts one by one, and nothing when the set does not fit")
    func start() throws {
        let configuration = try configuration
        #expect(configuration.deployment.startPause == .seconds(1))
        #expect(configuration.deployment.startAtMost == .seconds(60))
        #expect(configuration.deployment.room == .refuse)
    }

    @Test("The memory limits add up to what the comments say")
    func limits() throws {
        let compose = try text("compose.yml")
        let limits = compose.split(separator: "\n").compactMap { line in
            line.contains("mem_limit:") ? Int(line.filter(\.isNumber)) : nil
        }
        #expect(limits.count == 9)
        #expect(limits.reduce(0, +) == 548)
        #expect(compose.contains("all nine             38.3        482          548"))
        #expect(try text("teal.yml").contains("548 MB the first time"))
    }
}
