import Foundation
import StraitNetwork
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

/// A class with an ancestor, whose members are beneath `super`.
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
    @Test func `a value is shaped as in JSON, and comes back`() throws {
        let value = Everything()
        let encoded = try LayerEncoder.value(of: value)
        #expect(try LayerDecoder.decode(Everything.self, from: encoded) == value)
        let json = try JSONDecoder().decode(LayerValue.self, from: JSONEncoder().encode(value))
        #expect(encoded == json)
    }

    @Test func `an inherited value lies under super`() throws {
        let encoded = try LayerEncoder.value(of: Derived())
        #expect(encoded == ["own": 2, "super": ["base": 1]])
        let back = try LayerDecoder.decode(Derived.self, from: encoded)
        #expect(back.own == 2 && back.base == 1)
    }

    @Test func `bytes stay bytes, and parts of messages are themselves`() throws {
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
        ([:], "'text' is missing."), ("x", "Expected Dictionary<String, Any>, found a text."),
    ]

    @Test(arguments: misfits)
    func `what does not fit is said`(value: LayerValue, text: String) {
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

    @Test func `a number that does not fit is refused`() {
        #expect(throws: DecodingError.self) { try LayerDecoder.decode(UInt8.self, from: 256) }
        #expect(throws: DecodingError.self) { try LayerDecoder.decode(Int.self, from: 0.5) }
        #expect(throws: DecodingError.self) { try LayerDecoder.decode([Int].self, from: [1, "2"]) }
    }
}
