import StraitLayers
import StraitNetwork
import StraitRedis
import StraitTesting
import Testing

/// The text of the error that `text` is refused with as JSON, or an empty one where it is not.
private func jsonRefusal(_ bytes: Bytes, limits: MessageLimits = MessageLimits()) -> String {
    do throws(JSONError) {
        _ = try JSONReader.value(from: bytes, limits: limits)
        return ""
    } catch {
        return "\(error)"
    }
}

@Suite struct `JSON that is read` {
    private func read(_ text: String) throws -> LayerValue { try JSONReader.value(from: Bytes(text)) }

    @Test func `the values of RFC 8259 are read, with any spaces`() throws {
        #expect(
            try read(" {\"a\" : [ 1 , true,false,null ,\"x\"],\n\t\"b\":{}, \"c\":[]}\r\n")
                == ["a": [1, true, false, nil, "x"], "b": [:], "c": []])
        #expect(try read("\"\"") == "" && read("0") == 0 && read("[[]]") == [[]])
    }

    @Test func `keys keep their order, and of one that comes twice the last value counts, as in Python`() throws {
        let message = try JSONReader.message(from: Bytes("{\"z\":1,\"a\":2,\"m\":3,\"z\":4}"))
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
    func `whole numbers stay whole where 64 bits hold them, and others are fractions`(
        text: String, value: LayerValue
    ) throws {
        #expect(try read(text) == value)
        #expect(try read("[\(text) ]") == .array([value]))
    }

    @Test func `NaN is read, which Python writes`() throws {
        #expect(try read("NaN").double?.isNaN == true)
    }

    @Test func `escapes are read, and pairs of surrogates are one character`() throws {
        #expect(try read(#""\"\\\/\b\f\n\r\t\u0041\u00e9""#) == "\"\\/\u{8}\u{C}\n\r\tAé")
        #expect(try read(#""a\ud83d\ude00b\uD83D\uDE00""#) == "a😀b😀")
        #expect(try read("\"h\u{E9}\u{7F}\"") == "hé\u{7F}")
        #expect(try read(#"{"\u0061":1}"#) == ["a": 1])
    }

    @Test(arguments: [
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83dA""#, "\u{FFFD}A"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"),
    ])
    func `half of a pair becomes U+FFFD`(text: String, value: String) throws {
        #expect(try read(text) == .string(value))
    }

    static let refused: [(String, String)] = [
        ("", "The JSON ends within a value. Send all of it. It is byte 0 of the JSON."),
        ("[1", "The JSON ends within a value."), ("\"abc", "The JSON ends within a value."),
        ("tru", "The JSON ends within a value."), ("-", "The JSON ends within a value."),
        ("{\"a\"", "The JSON ends within a value."), ("\"\\u00", "The JSON ends within a value."),
        ("1e", "The JSON ends within a value."), ("-Inf", "The JSON ends within a value."),
        ("[1,]", "The JSON has the character \"]\" where there may only be a value. It is byte 3"),
        ("{\"a\":1,}", "the character \"}\" where there may only be a key in double quotes."),
        ("{a:1}", "the character \"a\" where there may only be a key in double quotes."),
        ("{1:1}", "a key in double quotes."), ("{\"a\" 1}", "where there may only be a colon."),
        ("[1 2]", "the character \"2\" where there may only be a comma or the end of the array."),
        ("{\"a\":1 \"b\":2}", "a comma or the end of the object."), ("trux", "there may only be a value."),
        ("'a'", "the character \"'\" where there"), ("\u{FEFF}1", "the byte 0xef where there may only be a value."),
        ("nan", "there may only be a value."), ("-I ", "there may only be a value."),
        ("01", "A number in the JSON is none as JSON has them. Write digits without leading zeros."),
        ("1.", "The JSON ends"), ("1.x", "A number in the JSON is none"), ("1.2.3", "A number in the JSON is none"),
        (".5", "there may only be a value"), ("+1", "there may only be a value"), ("--1", "A number in the JSON"),
        ("1e+ ", "A number in the JSON"), ("1x", "Something follows the value in the JSON. Send one value."),
        ("{} {}", "Something follows the value"), ("1\u{0}", "Something follows"),
        ("\"a\nb\"", "A string in the JSON has the control character 0xa. Write \\u000a. It is byte 2"),
        ("\"\u{1F}\"", "Write \\u001f."),
        ("\"\\x\"", "a backslash before what is no escape. Write \\\\ for a backslash."),
        ("\"\\u12g4\"", "no escape"), ("\"\\u+123\"", "no escape"), ("\"\\ud83d\\u12\"", "no escape"),
        ("1" + String(repeating: "0", count: 400), "does not even fit into 64 bits of floating point"),
        (String(repeating: "1", count: 4301), "A number in the JSON has over 4300 characters. Send it as a string."),
        ("0." + String(repeating: "1", count: 5000), "over 4300 characters"),
    ]

    @Test(arguments: refused)
    func `what is no JSON is refused with where it is and what to do`(text: String, reason: String) {
        let error = jsonRefusal(Bytes(text))
        #expect(error.contains(reason), "\(error)")
    }

    @Test func `text that is not UTF-8 is refused, with escapes and without`() {
        for bytes: Bytes in [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
            #expect(
                jsonRefusal(bytes).hasPrefix("A string in the JSON is not UTF-8. Write \\u and four digits instead."))
        }
    }

    @Test func `a message is an object`() {
        let error = #expect(throws: JSONError.self) { try JSONReader.message(from: "[1]") }
        #expect(error?.description.contains("The JSON is no object. Send a dictionary") == true)
    }

    @Test func `what is over a limit is refused`() throws {
        var limits = MessageLimits()
        limits.bytes = 8
        limits.depth = 2
        limits.values = 3
        #expect(jsonRefusal("[1,2,30]", limits: limits) == "")
        #expect(jsonRefusal("[1,2,300]", limits: limits).contains("over the limit of 8 bytes as JSON"))
        #expect(jsonRefusal("[[0]]", limits: limits) == "")
        #expect(jsonRefusal("[[[]]]", limits: limits).contains("nested over 2 deep. Send it flatter."))
        #expect(jsonRefusal("[1,[2]]", limits: limits) == "")
        #expect(jsonRefusal("[1,2,3,", limits: limits).contains("over 3 values in it"))
        #expect(jsonRefusal("[[1,2]]", limits: limits) == "")
        #expect(jsonRefusal(Bytes(repeatElement(0x5B, count: 1 << 20))).contains("nested over 64 deep"))
    }
}

@Suite struct `Random JSON` {
    @Test(arguments: Seeds(20))
    func `what was written is what is read`(seed: UInt64) throws {
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
            guard let value = try? JSONReader.message(from: Bytes(changed)) else { continue }
            _ = try? RedisSerializer.json.encode(value)
        }
    }

    @Test(arguments: Seeds(20))
    func `whatever the bytes, they are read or refused`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("{}[]\",:\\u0dDe8.-+ \n\ttrufalsnNIy19x".utf8) + [0xC3, 0xA9, 0xFF]
        for _ in 0..<1000 {
            let count = Int.random(in: 0...24, using: &generator)
            let bytes = Bytes((0..<count).map { _ in alphabet.randomElement(using: &generator)! })
            guard let value = try? JSONReader.value(from: bytes) else { continue }
            guard let text = try? RedisSerializer.json.encode(["v": value]) else { continue }
            #expect(try RedisSerializer.json.decode(text) == ["v": value], "seed \(seed): \(bytes)")
        }
    }
}
