import DockerCompose
import DockerEngine
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

    @Test("Characters that YAML refuses or changes are escaped, in keys too, and come back")
    func yaml() throws {
        let special: [UInt32] = [
            0x7f, 0x80, 0x85, 0x92, 0x9f, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff,
        ]
        let texts = special.compactMap { Unicode.Scalar($0).map { "a\($0)b" } }
        #expect(texts.count == special.count)
        let value = JSONValue.object([
            "values": .array(texts.map(JSONValue.string)),
            texts[2]: "é\u{a0}\u{1f680}",
        ])
        let output = try value.serialized()
        #expect(!output.unicodeScalars.contains { special.contains($0.value) })
        #expect(output.contains(#""a\u0085b" : "#) && output.contains("é\u{a0}\u{1f680}"))
        #expect(try JSONValue(parsing: Array(output.utf8)) == value)
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
