import StraitCore
import StraitLayers
import StraitRedis
import Testing

/// Test vectors: messages that channels_redis sent, encoded by Python's msgpack.
@Suite struct `Messages written by channels_redis` {
    private static let ownChannel = "d60c6f839db44a7c811197f90f66cd4c!d4679c05a34347248156a7d016ef95bd"
    private static let otherChannel = "d60c6f839db44a7c811197f90f66cd4c!04643fabac4c4a09b233b14c43edfb90"

    private func hexOf(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func check(_ message: LayerMessage, _ text: String) throws {
        #expect(try MessagePackEncoder.encode(message) == hex(text))
        let decoded = try MessagePackDecoder.message(from: hex(text))
        #expect(decoded == message)
        #expect(decoded.elements.map(\.key) == message.elements.map(\.key))
    }

    @Test func `a text message has the bytes of channels_redis`() throws {
        try check(
            ["type": "chat.message", "text": "hé"], "82a474797065ac636861742e6d657373616765a474657874a368c3a9")
        try check(["type": "t.m"], "81a474797065a3742e6d")
    }

    @Test func `a message to one or two channels has the bytes of channels_redis`() throws {
        let one = "specific." + Self.ownChannel
        let two = "specific." + Self.otherChannel
        let start = "83a474797065ac636861742e6d657373616765a474657874a368c3a9b05f5f617367695f6368616e6e656c5f5f"
        try check(
            ["type": "chat.message", "text": "hé", "__asgi_channel__": .string(one)], start + "d94a" + hexOf(one))
        try check(
            ["type": "chat.message", "text": "hé", "__asgi_channel__": [.string(one), .string(two)]],
            start + "92d94a" + hexOf(one) + "d94a" + hexOf(two))
    }

    @Test func `nested and empty values have the bytes of channels_redis`() throws {
        try check(["a": true, "b": nil, "c": ["d": []]], "83a161c3a162c0a16381a16490")
    }

    @Test func `every Python type has the bytes of channels_redis`() throws {
        try check(
            [
                "t": [1, 2], "i": .unsigned(1 << 63), "n": .int(.min), "f": 0.1, "b": .bytes(Bytes("x")), "s": "é",
                "none": nil,
            ],
            "87a174920102a169cf8000000000000000a16ed38000000000000000"
                + "a166cb3fb999999999999aa162c40178a173a2c3a9a46e6f6e65c0"
        )
    }

    static let numbers: [(LayerValue, String)] = [
        (0, "00"), (127, "7f"), (128, "cc80"), (255, "ccff"), (256, "cd0100"), (65_535, "cdffff"),
        (65_536, "ce00010000"), (4_294_967_295, "ceffffffff"), (4_294_967_296, "cf0000000100000000"),
        (.int(.max), "cf7fffffffffffffff"), (.unsigned(.max), "cfffffffffffffffff"), (-1, "ff"), (-32, "e0"),
        (-33, "d0df"), (-128, "d080"), (-129, "d1ff7f"), (-32_768, "d18000"), (-32_769, "d2ffff7fff"),
        (-2_147_483_648, "d280000000"), (-2_147_483_649, "d3ffffffff7fffffff"), (1.0, "cb3ff0000000000000"),
        (-0.0, "cb8000000000000000"), (.double(.infinity), "cb7ff0000000000000"),
    ]

    @Test(arguments: numbers)
    func `integers use the shortest format, and floats 64 bits`(value: LayerValue, text: String) throws {
        #expect(try MessagePackEncoder.encode(value) == hex(text))
        #expect(try MessagePackDecoder.value(from: hex(text)) == value)
    }

    @Test func `a number that fits both integer types is encoded alike and decoded as int`() throws {
        #expect(try MessagePackEncoder.encode(.unsigned(5)) == hex("05"))
        #expect(try MessagePackDecoder.value(from: hex("05")) == .int(5))
    }

    static let longForms: [(String, LayerValue)] = [
        ("cc05", 5), ("cd0005", 5), ("ce00000005", 5), ("cf0000000000000005", 5), ("d005", 5), ("d10005", 5),
        ("d200000005", 5), ("d30000000000000005", 5), ("d0ff", -1), ("ca3fc00000", 1.5),
        ("ca7f800000", .double(.infinity)),
        ("d90161", "a"), ("da000161", "a"), ("db0000000161", "a"), ("c500010a", .bytes([10])),
        ("c6000000010a", .bytes([10])),
        ("dc000105", [5]), ("dd0000000105", [5]), ("de0001a16105", ["a": 5]), ("df00000001a16105", ["a": 5]),
    ]

    @Test(arguments: longForms)
    func `formats longer than necessary are decoded`(text: String, value: LayerValue) throws {
        #expect(try MessagePackDecoder.value(from: hex(text)) == value)
    }

    static let lengths: [(LayerValue, String)] = [
        (text(31), "bf"), (text(32), "d920"), (text(255), "d9ff"), (text(256), "da0100"), (text(65_536), "db00010000"),
        (data(0), "c400"), (data(255), "c4ff"), (data(256), "c50100"), (data(65_536), "c600010000"),
        (list(15), "9f"), (list(16), "dc0010"), (list(65_535), "dcffff"), (list(65_536), "dd00010000"),
        (map(15), "8f"), (map(16), "de0010"), (map(65_536), "df00010000"),
    ]

    private static func text(_ count: Int) -> LayerValue { .string(String(repeating: "a", count: count)) }
    private static func data(_ count: Int) -> LayerValue { .bytes(Bytes(repeatElement(1, count: count))) }
    private static func list(_ count: Int) -> LayerValue { .array(Array(repeating: nil, count: count)) }
    private static func map(_ count: Int) -> LayerValue {
        .object(LayerMessage(many: (0..<count).map { ("\($0)", .null) }))
    }

    @Test(arguments: lengths.indices)
    func `lengths use the shortest format`(index: Int) throws {
        let (value, start) = Self.lengths[index]
        let encoded = try MessagePackEncoder.encode(value)
        #expect(encoded.prefix(start.count / 2).elementsEqual(hex(start)))
        // Values are not compared with ==, which searches the whole object for each key.
        let decoded = try MessagePackDecoder.value(from: encoded)
        #expect(try MessagePackEncoder.encode(decoded) == encoded)
    }
}
