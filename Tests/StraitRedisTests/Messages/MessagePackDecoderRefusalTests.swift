import StraitCore
import StraitLayers
import StraitRedis
import Testing

@Suite struct `Rejected msgpack` {
    static let refused: [(String, String)] = [
        ("c1", "The byte 0xc1 does not begin a msgpack value. Write messages with a msgpack library."),
        ("a1ff", "A string in the msgpack is not UTF-8. Send other bytes as bytes (bin)."),
        ("a3eda080", "A string in the msgpack is not UTF-8."),
        ("81a2c32805", "A string in the msgpack is not UTF-8."),
        ("8101a161", "A key of a map in the msgpack is a whole number. Make every key a string."),
        ("81d0ff05", "is a whole number."), ("81ca0000000005", "is a fraction."), ("81c4016105", "is bytes."),
        ("81c005", "is None."), ("81c305", "is a Boolean."), ("819005", "is an array."),
        ("81dc000005", "is an array."),
        ("818005", "is a map."), ("81de000005", "is a map."), ("81d40005", "is an extension."),
        (
            "d6ff00000000",
            "The msgpack has a timestamp, which a message cannot hold. Send seconds as a number, or text."
        ),
        ("d7ff0000000000000000", "The msgpack has a timestamp"),
        ("c70cff" + String(repeating: "00", count: 12), "a timestamp"),
        ("d40500", "a value of the extension type 5, which a message cannot hold. Send its parts, or bytes."),
        ("c70180", "the extension type -128"), ("c8000005", "the extension type 5"),
        ("c90000000005", "the extension type 5"),
        ("0500", "1 bytes follow the msgpack of a value."),
    ]

    @Test(arguments: refused)
    func `a value that a message cannot hold is rejected with an alternative`(text: String, reason: String) {
        let error = refusal(hex(text))
        #expect(error.contains(reason), "\(error)")
    }

    static let wholes = [
        "c40161", "c5000161", "c60000000161", "cb3ff0000000000000", "ca3fc00000", "cf0000000000000005", "d200000005",
        "a3616263", "d90161", "92c0c0", "dc0002c0c0", "82a16105a16206", "df00000001a16105", "c70105aa", "d6ff00000000",
        "c805",
    ]

    @Test(arguments: wholes)
    func `msgpack that is truncated at any byte is rejected`(text: String) {
        let bytes = hex(text)
        for count in 0..<bytes.count {
            let error = refusal(bytes.slice(0..<count))
            // An extension is rejected as soon as its type is known.
            #expect(
                error.hasPrefix("The msgpack ends within a value. Check that")
                    || error.contains("a message cannot hold"))
        }
    }

    @Test func `a length without its bytes allocates no memory`() {
        for text in ["ddffffffff", "dfffffffff", "dbffffffff", "c6ffffffff", "dd000fffffc0", "c9ffffffff05"] {
            #expect(refusal(hex(text)) != "", "\(text)")
        }
    }

    @Test func `msgpack that is not a map is rejected`() {
        let error = #expect(throws: MessagePackError.self) { try MessagePackDecoder.message(from: hex("9105")) }
        #expect(
            error?.description
                == "The msgpack is not a map. Send a dictionary; if the other side does, check that both have the same "
                + "serializer, the same prefix length and the same keys for encryption.")
    }

    @Test func `a duplicate key keeps its first position and its last value, as in Python`() throws {
        let message = try MessagePackDecoder.message(from: hex("83a16101a16202a16103"))
        #expect(message.elements.map(\.key) == ["a", "b"])
        #expect(message["a"] == 3)
    }

    @Test func `decoded bytes share the input's memory`() throws {
        let input = hex("81a162c40178")
        let bytes = try #require(try MessagePackDecoder.message(from: input)["b"]?.bytes)
        #expect(bytes.storage === input.storage)
    }

    private func nested(_ depth: Int) -> LayerValue {
        var value: LayerValue = 1
        for level in 0..<depth { value = level.isMultiple(of: 2) ? [value] : ["a": value] }
        return value
    }

    private func sendingRefusal(_ value: LayerValue, limits: MessageLimits = MessageLimits()) -> String {
        do throws(MessagePackError) {
            _ = try MessagePackEncoder.encode(value, limits: limits)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `a message nested deeper than the limit is rejected in both directions`() throws {
        let deepest = try MessagePackEncoder.encode(nested(64))
        #expect(try MessagePackDecoder.value(from: deepest) == nested(64))
        let text = "The message is nested more than 64 levels deep. Flatten it."
        #expect(sendingRefusal(nested(65)) == text)
        #expect(refusal(Bytes([0x91] + deepest)) == text)
        #expect(refusal(Bytes(repeatElement(0x91, count: 1 << 20))) == text)
    }

    @Test func `a message over the size limit is rejected in both directions`() throws {
        var limits = MessageLimits()
        limits.bytes = 10
        let text = "The message is over the limit of 10 bytes as msgpack. Send less at once."
        let values: [LayerValue] = [
            .string(String(repeating: "a", count: 10)), .bytes(Bytes(repeatElement(1, count: 10))),
            .array(Array(repeating: 1, count: 10)), ["aaaaaaaaa": 1], [0.5, 0.5],
        ]
        for value in values {
            #expect(sendingRefusal(value, limits: limits) == text, "\(value)")
            #expect(refusal(try MessagePackEncoder.encode(value), limits: limits) == text, "\(value)")
        }
        #expect(sendingRefusal(.string("aaaaaaaaa"), limits: limits) == "")
        #expect(refusal(hex("a9" + String(repeating: "61", count: 9)), limits: limits) == "")
    }

    @Test func `a message with more values than the limit is rejected in both directions`() throws {
        var limits = MessageLimits()
        limits.values = 3
        let text = "The message has over 3 values in it. Send less at once, or send bytes."
        let values: [LayerValue] = [[1, 2, 3, 4], [[1, 2], 3], ["a": ["b": 1, "c": 2], "d": 3]]
        for value in values {
            #expect(sendingRefusal(value, limits: limits) == text, "\(value)")
            #expect(refusal(try MessagePackEncoder.encode(value), limits: limits) == text, "\(value)")
        }
        #expect(sendingRefusal([[1, 2]], limits: limits) == "")
    }
}
