import StraitCore
import StraitJSON
import StraitLayers
import StraitTesting
import Testing

@testable import StraitRedis

/// The text of the error for invalid JSON, or an empty string if `bytes` are valid.
private func jsonRefusal(_ bytes: Bytes, limits: MessageLimits = MessageLimits()) -> String {
    do throws(JSONError) {
        _ = try LayerValue(json: bytes, coder: JSONCoder(limits: limits.json))
        return ""
    } catch {
        return "\(error)"
    }
}

@Suite struct `JSON decoding` {
    private func read(_ text: String) throws -> LayerValue { try LayerValue(json: Bytes(text)) }

    @Test func `all JSON values are read, with any whitespace (RFC 8259)`() throws {
        #expect(
            try read(" {\"a\" : [ 1 , true,false,null ,\"x\"],\n\t\"b\":{}, \"c\":[]}\r\n")
                == ["a": [1, true, false, nil, "x"], "b": [:], "c": []])
        #expect(try read("\"\"") == "" && read("0") == 0 && read("[[]]") == [[]])
    }

    @Test func `keys keep their order, and the last value of a duplicate key wins, as in Python`() throws {
        let message = try LayerMessage(json: Bytes("{\"z\":1,\"a\":2,\"m\":3,\"z\":4}"))
        #expect(message.elements.map(\.key) == ["z", "a", "m"])
        #expect(message["z"] == 4)
    }

    static let numbers: [(String, LayerValue)] = [
        ("0", .int(0)), ("-0", .int(0)), ("-12", .int(-12)), ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)), ("9223372036854775808", .unsigned(1 << 63)),
        ("18446744073709551615", .unsigned(.max)), ("18446744073709551616", .double(18_446_744_073_709_551_616)),
        ("-9223372036854775809", .double(-9_223_372_036_854_775_808)), ("1.0", .double(1)), ("1e2", .double(100)),
        ("-1.5E-3", .double(-0.0015)), ("0.1", .double(0.1)), ("1E+2", .double(100)),
        ("5e-324", .double(.leastNonzeroMagnitude)), ("1.7976931348623157e+308", .double(.greatestFiniteMagnitude)),
        ("1e999", .double(.infinity)), ("Infinity", .double(.infinity)), ("-Infinity", .double(-.infinity)),
    ]

    @Test(arguments: numbers)
    func `whole numbers that fit into 64 bits are integers, and other numbers are doubles`(
        text: String, value: LayerValue
    ) throws {
        #expect(try read(text) == value)
        #expect(try read("[\(text) ]") == .array([value]))
    }

    @Test func `NaN, which Python writes, is read`() throws {
        #expect(try read("NaN").double?.isNaN == true)
    }

    @Test func `escapes are decoded, and a surrogate pair becomes one character`() throws {
        #expect(try read(#""\"\\\/\b\f\n\r\t\u0041\u00e9""#) == "\"\\/\u{8}\u{C}\n\r\tAé")
        #expect(try read(#""a\ud83d\ude00b\uD83D\uDE00""#) == "a😀b😀")
        #expect(try read("\"h\u{E9}\u{7F}\"") == "hé\u{7F}")
        #expect(try read(#"{"\u0061":1}"#) == ["a": 1])
    }

    @Test(arguments: [
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83dA""#, "\u{FFFD}A"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"),
    ])
    func `a lone surrogate becomes U+FFFD`(text: String, value: String) throws {
        #expect(try read(text) == .string(value))
    }

    static let refused: [(String, String)] = [
        ("", "Invalid JSON at offset 0: the text is empty; send one value."),
        ("[1", "Invalid JSON at offset 2: the text ends where a comma or ']' is expected."),
        ("-Inf", "Invalid JSON at offset 1: a minus sign must be followed by a digit."),
        ("[1,]", "Invalid JSON at offset 2: a trailing comma is not allowed."),
        ("nan", "the only words are true, false and null"), ("+1", "a number may not begin with a plus sign"),
        ("\"\\ud83d\\u12\"", "\\u must be followed by four hexadecimal digits"),
        ("1" + String(repeating: "0", count: 400), "Expected a number that 64 bits of floating point can hold"),
        (String(repeating: "1", count: 4301), "a number has more than 4300 characters; send it as a string."),
        ("0." + String(repeating: "1", count: 5000), "more than 4300 characters"),
    ]

    @Test(arguments: refused)
    func `invalid JSON is rejected with the position and the correction`(text: String, reason: String) {
        let error = jsonRefusal(Bytes(text))
        #expect(error.contains(reason), "\(error)")
    }

    @Test func `a string that is not UTF-8 is rejected, with or without escapes`() {
        for bytes: Bytes in [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
            #expect(jsonRefusal(bytes).hasSuffix("the bytes are not UTF-8."))
        }
    }

    @Test func `a message that is not an object is rejected`() {
        let error = #expect(throws: JSONError.self) { try LayerMessage(json: "[1]") }
        #expect(error?.description == "Expected an object, which begins with '{'.")
    }

    @Test func `a run of over 30 combining marks is broken up, and the message is accepted`() throws {
        let marks = String(repeating: "\u{301}", count: 40)
        let read = try read("{\"a\":\"x\(marks)\"}")
        let text = try #require(read.object?["a"]?.string)
        let run = String(repeating: "\u{301}", count: 30)
        #expect(Array(text.utf8) == Array("x\(run)\u{34F}\(String(repeating: "\u{301}", count: 10))".utf8))
    }

    @Test func `JSON over a limit is rejected`() throws {
        var limits = MessageLimits()
        limits.bytes = 8
        limits.depth = 2
        limits.values = 3
        #expect(jsonRefusal("[1,2,30]", limits: limits) == "")
        #expect(jsonRefusal("[1,2,300]", limits: limits).contains("the document has more than 8 bytes"))
        #expect(jsonRefusal("[[0]]", limits: limits) == "")
        #expect(jsonRefusal("[[[]]]", limits: limits).contains("nested more than 2 deep"))
        #expect(jsonRefusal("[1,[2]]", limits: limits) == "")
        #expect(jsonRefusal("[1,2,3,", limits: limits).contains("more than 4 values"))
        #expect(jsonRefusal("[[1,2]]", limits: limits) == "")
        #expect(jsonRefusal(Bytes(repeatElement(0x5B, count: 1 << 20))).contains("nested more than 64 deep"))
    }
}

@Suite struct `Random JSON` {
    @Test(arguments: Seeds(20))
    func `a random message decodes to the encoded message`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let message = withoutBytes(randomMessage(depth: 2, using: &generator))
        let text = try RedisSerializer.json.encode(message)
        let read = try RedisSerializer.json.decode(text)
        #expect(read == message, "seed \(seed)")
        #expect(try RedisSerializer.json.encode(read) == text, "seed \(seed)")
        for _ in 0..<5 {
            let count = Int.random(in: 0..<text.count, using: &generator)
            #expect(jsonRefusal(text.slice(0..<count)) != "", "seed \(seed), cut at \(count)")
            var changed = Array(text)
            changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            guard let value = try? LayerMessage(json: Bytes(changed)) else { continue }
            _ = try? RedisSerializer.json.encode(value)
        }
    }

    @Test(arguments: Seeds(20))
    func `random bytes are either decoded or rejected`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("{}[]\",:\\u0dDe8.-+ \n\ttrufalsnNIy19x".utf8) + [0xC3, 0xA9, 0xFF]
        for _ in 0..<1000 {
            let count = Int.random(in: 0...24, using: &generator)
            let bytes = Bytes((0..<count).map { _ in alphabet.randomElement(using: &generator)! })
            guard let value = try? LayerValue(json: bytes) else { continue }
            guard let text = try? RedisSerializer.json.encode(["v": value]) else { continue }
            #expect(try RedisSerializer.json.decode(text) == ["v": value], "seed \(seed): \(bytes)")
        }
    }
}
