import Dashboard
import FoundationEssentials
import TestSupport
import Testing

@Suite("The description of the API")
struct OpenAPITests {
    private struct Description: Decodable {
        struct Operation: Decodable {
            let responses: [String: Response]
        }

        struct Response: Decodable {}

        let paths: [String: [String: Operation]]
    }

    @Test("Each path that it names is served, and answers as it says")
    func paths() async throws {
        try await PageSample.served { page in
            let text = try await page.request("GET", "/api/v1/openapi.json").body
            let description = try JSONDecoder().decode(Description.self, from: Data(text.utf8))
            #expect(description.paths.count == 6)
            let fields = ["Authorization": "Bearer \(try page.token(.act))"]
            for (path, operations) in description.paths where path != "/events" {
                let place = path.replacing("{app}", with: "shop")
                    .replacing("{act}", with: "rollback")
                let other = path.replacing("{app}", with: "other")
                    .replacing("{act}", with: "rollback")
                for (name, operation) in operations {
                    let method = name.uppercased()
                    for (place, fields) in [(place, fields), (place, [:]), (other, fields)] {
                        let answer = try await page.request(method, place, fields)
                        #expect(operation.responses["\(answer.status)"] != nil, "\(path)")
                        #expect(answer.fields["content-type"] == "application/json", "\(path)")
                    }
                }
            }
        }
    }
}
