import Testing

@testable import StraitJSON

private struct Order: Codable {
    var item: String
    var count: UInt8
    var lines: [Line]?
    struct Line: Codable { var price: Double, isGift: Bool }
}

@Suite struct `Type mismatch errors` {
    static let cases: [(String, String)] = [
        ("[]", "Expected an object at offset 0, not an array."),
        (" 5", "Expected an object at offset 1, not a number."),
        ("null", "Expected an object at offset 0, not null."), ("{}", "Missing 'item' at offset 0."),
        (#"{"item":5}"#, "Expected a string at item (offset 8), not a number."),
        (#"{"item":null}"#, "Expected a string at item (offset 8), not null."),
        (#"{"item":"a"}"#, "Missing 'count' at offset 0."),
        (#"{"item":"a","count":"2"}"#, "Expected a whole number at count (offset 20), not a string."),
        (#"{"item":"a","count":256}"#, "Expected a whole number from 0 to 255 at count (offset 20)."),
        (#"{"item":"a","count":-1}"#, "Expected a whole number from 0 to 255 at count (offset 20)."),
        (#"{"item":"a","count":1.5}"#, "Expected a whole number at count (offset 20), not a fraction."),
        (#"{"item":"a","count":1,"lines":{}}"#, "Expected an array at lines (offset 30), not an object."),
        (#"{"item":"a","count":1,"lines":[1]}"#, "Expected an object at lines[0] (offset 31), not a number."),
        (
            #"{"item":"a","count":1,"lines":[{"price":1,"isGift":true},{"price":2}]}"#,
            "Missing 'isGift' at lines[1] (offset 57)."
        ),
        (
            #"{"item":"a","count":1,"lines":[{"price":"x"}]}"#,
            "Expected a number at lines[0].price (offset 40), not a string."
        ),
        (
            #"{"item":"a","count":1,"lines":[{"price":1,"isGift":0}]}"#,
            "Expected true or false at lines[0].isGift (offset 51), not a number."
        ),
    ]

    @Test(arguments: cases)
    func `an error has the path, the offset and the expected value`(text: String, expected: String) throws {
        let error = try #require(throws: DecodingError.self) { try read(Order.self, text) }
        #expect(JSONError(error)?.description == expected)
        #expect(JSONError(error)?.code == .shape)
    }

    @Test func `errors use the cases of Swift's DecodingError`() {
        func kind(_ text: String) -> String {
            do {
                _ = try read(Order.self, text)
                return ""
            } catch let error as DecodingError {
                return switch error {
                case .typeMismatch: "type"
                case .valueNotFound: "value"
                case .keyNotFound(let key, _): "key \(key.stringValue)"
                case .dataCorrupted: "data"
                @unknown default: "?"
                }
            } catch {
                return "\(error)"
            }
        }
        #expect(kind("[]") == "type" && kind("null") == "value" && kind("{}") == "key item")
        #expect(kind(#"{"item":"a","count":256}"#) == "data")
    }

    @Test func `the error for an array that is too short has the number of its elements`() {
        struct Pair: Decodable {
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                _ = try container.decode(Int.self)
                _ = try container.decode(Int.self)
            }
        }
        let error = #expect(throws: DecodingError.self) { try read([String: Pair].self, #"{"a":[1]}"#) }
        #expect(
            error.flatMap { JSONError($0) }?.description == "Expected more than 1 elements in the array at offset 5.")
    }

    @Test func `long names and deep paths are cut in errors`() throws {
        let long = String(repeating: "ä", count: 5000)
        let error = try #require(throws: DecodingError.self) { try read([String: Int].self, "{\"\(long)\":\"x\"}") }
        #expect(try #require(JSONError(error)).description.utf8.count < 123)
        #expect(try #require(JSONError(error)).path.utf8.count <= 128)
        struct Deep: Codable { var a: [Deep] }
        let deep = String(repeating: "{\"a\":[", count: 200) + "1" + String(repeating: "]}", count: 200)
        let second = try #require(throws: DecodingError.self) { try read(Deep.self, deep) }
        // An error keeps the last keys of a long path.
        #expect(try #require(JSONError(second)).path.hasSuffix("a[0].a[0]"))
        guard case .typeMismatch(_, let context) = second else { return #expect(Bool(false)) }
        #expect(context.codingPath.count == 32)
    }

    @Test func `an error thrown by the decoded type is passed on unchanged`() {
        struct Picky: Decodable {
            init(from decoder: any Decoder) throws {
                throw DecodingError.dataCorruptedError(
                    in: try decoder.singleValueContainer(), debugDescription: "Not today.")
            }
        }
        let error = #expect(throws: DecodingError.self) { try read([Picky].self, "[1]") }
        guard case .dataCorrupted(let context)? = error else { return #expect(Bool(false)) }
        #expect(context.debugDescription == "Not today." && context.codingPath.map(\.intValue) == [0])
        #expect(error.flatMap { JSONError($0) } == nil)
    }

    @Test func `encoding a second value with the same encoder throws instead of crashing`() {
        struct Twice: Encodable {
            func encode(to encoder: any Encoder) throws {
                var single = encoder.singleValueContainer()
                try single.encode(1)
                try single.encode(2)
            }
        }
        struct Both: Encodable {
            enum Keys: CodingKey { case a }
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                try list.encode(1)
                var object = encoder.container(keyedBy: Keys.self)
                try object.encode(1, forKey: .a)
            }
        }
        #expect(throws: EncodingError.self) { try written(Twice()) }
        #expect(throws: EncodingError.self) { try written(["k": Both()]) }
    }
}
