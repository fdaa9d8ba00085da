import DockerCompose
import Testing

struct JSONValueTests {
    @Test("Keys that Teal does not know come out as they went in, in order")
    func roundTrip() throws {
        let text =
            #"{"z": [1, -2.5, true, null, "a$$b"], "a": {"ü": "/x"}, "big": 9007199254740993}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        let again = try JSONValue(parsing: Array(try value.serialized().utf8))
        #expect(again == value)
        #expect(value["big"] == .integer(9_007_199_254_740_993))
        #expect(value["z"]?.array?[1] == .number(-2.5))
        #expect(value["z"]?.array?[2] == true)
        let output = try value.serialized()
        #expect(output.contains(#""/x""#))
        let positions = ["\"a\"", "\"big\"", "\"z\""].compactMap {
            output.range(of: $0)?.lowerBound
        }
        #expect(positions == positions.sorted())
        #expect(positions.count == 3)
    }

    @Test("A member that is null counts as missing, and setting nil removes one")
    func members() {
        var value: JSONValue = ["command": .null, "image": "x"]
        #expect(value["command"] == nil)
        value["image"] = nil
        #expect(value == ["command": .null])
    }

    @Test("A number is read from text too, as Compose writes published ports")
    func numbers() {
        #expect(JSONValue.string("8080").integer == 8080)
        #expect(JSONValue.integer(7).integer == 7)
        #expect(JSONValue.string("8000-8010").integer == nil)
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? {
        indices.lazy.compactMap { start in
            self[start...].hasPrefix(part)
                ? start..<index(start, offsetBy: part.count) : nil
        }.first
    }
}
