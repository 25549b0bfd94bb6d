import Foundation
import StraitCore
import StraitJSON
import Testing

@testable import StraitLayers

private struct Everything: Codable, Equatable {
    struct Inner: Codable, Equatable { var a: [Int?], b: [String: Double] }
    enum Kind: String, Codable { case one, two }
    enum Choice: Codable, Equatable {
        case plain
        case labelled(x: Int, y: String)
        case nameless(Bool)
    }

    var text = "é"
    var int8: Int8 = -8
    var uint64: UInt64 = .max
    var float: Float = 0.5
    var double = 0.1
    var bool = true
    var none: Int?
    var some: Int? = 3
    var kind = Kind.two
    var choices = [Choice.plain, .labelled(x: 1, y: "y"), .nameless(false)]
    var inner = Inner(a: [1, nil, 3], b: ["k": 2.5])
    var nested: [[String]] = [["a"], []]
}

/// The superclass of `Derived`, whose members are encoded under `super`.
private class Base: Codable {
    var base = 1
}

private final class Derived: Base {
    var own = 2
    enum Keys: String, CodingKey { case own }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        own = try container.decode(Int.self, forKey: .own)
        try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(own, forKey: .own)
        try super.encode(to: container.superEncoder())
    }
}

@Suite struct Coding {
    @Test func `a value is encoded in the same shape as in JSON and decodes to an equal value`() throws {
        let value = Everything()
        let encoded = try LayerEncoder.value(of: value)
        #expect(try LayerDecoder.decode(Everything.self, from: encoded) == value)
        let json = try JSONDecoder().decode(LayerValue.self, from: JSONEncoder().encode(value))
        #expect(encoded == json)
    }

    @Test func `inherited members are encoded under the key super`() throws {
        let encoded = try LayerEncoder.value(of: Derived())
        #expect(encoded == ["own": 2, "super": ["base": 1]])
        let back = try LayerDecoder.decode(Derived.self, from: encoded)
        #expect(back.own == 2 && back.base == 1)
    }

    @Test func `bytes stay bytes, and nested messages and values are encoded unchanged`() throws {
        struct Packet: Codable, Equatable {
            var message: LayerMessage
            var value: LayerValue
        }
        let packet = Packet(message: ["a": .bytes(Bytes("x"))], value: [1, 2])
        let encoded = try LayerEncoder.value(of: packet)
        #expect(encoded == ["message": ["a": .bytes(Bytes("x"))], "value": [1, 2]])
        #expect(try LayerDecoder.decode(Packet.self, from: encoded) == packet)
    }

    private static let misfits: [(LayerValue, String)] = [
        (["text": 1], "Expected String, found a number."), (["text": nil], "Expected String, found null."),
        ([:], "'text' is missing."), ("x", "Expected Dictionary<String, Any>, found a string."),
    ]

    @Test(arguments: misfits)
    func `a decoding error says which value is missing or which type was expected`(value: LayerValue, text: String) {
        struct Text: Codable { var text: String }
        #expect {
            try LayerDecoder.decode(Text.self, from: value)
        } throws: { error in
            switch error {
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
                DecodingError.keyNotFound(_, let context):
                context.debugDescription == text
            default: false
            }
        }
    }

    @Test func `any JSON decodes as a LayerValue or LayerMessage, alone or nested in other types`() throws {
        struct Packet: Codable, Equatable {
            var message: LayerMessage
            var values: [LayerValue]
            var none: LayerValue?
        }
        let text: Bytes =
            #"{"message":{"b":1,"a":[true,null,{"c":1.5}]},"values":[18446744073709551615,"x",{}],"none":null}"#
        let packet = try JSONCoder().decode(Packet.self, from: text)
        #expect(packet.message == ["b": 1, "a": [true, nil, ["c": 1.5]]])
        #expect(packet.message.elements.map(\.key) == ["b", "a"])
        #expect(packet.values == [.unsigned(.max), "x", [:]] && packet.none == nil)
        #expect(try JSONDecoder().decode(Packet.self, from: Data(text)) == packet)
        #expect(
            String(decoding: try JSONCoder().encode(packet.message), as: UTF8.self)
                == #"{"b":1,"a":[true,null,{"c":1.5}]}"#)
        let error = try #require(throws: DecodingError.self) {
            try JSONCoder().decode(Packet.self, from: #"{"message":[]}"#)
        }
        #expect(JSONError(error)?.description == "Expected an object at message (offset 11), not an array.")
    }

    @Test func `a value may be nested 512 deep, like a JSON document, but no deeper`() throws {
        let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        let value = try JSONCoder().decode(LayerValue.self, from: Bytes(deep))
        #expect(String(decoding: try JSONCoder().encode(value), as: UTF8.self) == deep)
        #expect(throws: JSONError.self) { try JSONCoder().decode(LayerValue.self, from: Bytes("[\(deep)]")) }
    }

    @Test func `an enum case can carry any JSON`() throws {
        enum Event: Codable, Equatable {
            case any(LayerValue)
            case message(LayerMessage)
        }
        for (event, text) in [
            (Event.any([1, "x"]), #"{"type":"any","value":[1,"x"]}"#),
            (.message(["b": 1, "type": "t"]), #"{"type":"message","value":{"b":1,"type":"t"}}"#),
        ] {
            #expect(String(decoding: try JSONCoder.messages.encode(event), as: UTF8.self) == text)
            #expect(try JSONCoder.messages.decode(Event.self, from: Bytes(text)) == event)
        }
    }

    @Test func `a date keeps its fractional seconds, and one outside the years 1 to 9999 throws a printable error`()
        throws
    {
        let date = Date(timeIntervalSince1970: 1_700_000_000.25)
        #expect(try LayerEncoder.value(of: date) == "2023-11-14T22:13:20.250Z")
        #expect(try LayerDecoder.decode(Date.self, from: "2023-11-14T22:13:20.250Z") == date)
        for seconds in [1e13, -1e300, .infinity, .nan] {
            let error = #expect(throws: EncodingError.self) {
                try LayerEncoder.value(of: Date(timeIntervalSince1970: seconds))
            }
            #expect("\(String(reflecting: error))".contains("The date is outside the years 1 to 9999"))
        }
    }

    @Test func `a value that does not fit the number type is rejected`() {
        #expect(throws: DecodingError.self) { try LayerDecoder.decode(UInt8.self, from: 256) }
        #expect(throws: DecodingError.self) { try LayerDecoder.decode(Int.self, from: 0.5) }
        #expect(throws: DecodingError.self) { try LayerDecoder.decode([Int].self, from: [1, "2"]) }
    }
}
