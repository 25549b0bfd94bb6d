import StraitCore
import StraitJSON
import Testing

/// A document and the expected result of parsing it.
struct DocumentCase: Sendable, CustomTestStringConvertible {
    let section: String
    let bytes: Bytes
    /// A part of the error that the document is rejected with, or nil if it is valid JSON.
    let refusal: String?

    var isValid: Bool { refusal == nil }
    var testDescription: String { "\(section) \(String(decoding: bytes.prefix(60), as: UTF8.self).debugDescription)" }

    /// Valid documents.
    static func valid(_ section: String, _ texts: String...) -> [DocumentCase] {
        texts.map { DocumentCase(section: section, bytes: Bytes($0), refusal: nil) }
    }

    /// Invalid documents, each with a part of its error.
    static func invalid(_ section: String, _ texts: (String, String)...) -> [DocumentCase] {
        texts.map { DocumentCase(section: section, bytes: Bytes($0.0), refusal: $0.1) }
    }

    static let all = structure + arrays + objects + words + numbers + strings + encoding + truncated
}

extension DocumentCase {
    // MARK: §2 JSON text, §3 values

    static let structure =
        valid(
            "§2", "null", " null", "null ", "\tnull\t", "\nnull\n", "\r\nnull\r\n", " \t\r\n[ \t\r\n] \t\r\n",
            "[ 1 , 2 ]",
            "{ \"a\" : 1 , \"b\" : 2 }", "{\n\t\"a\":\n\t1\n}", "[[ ],[ ]]", "{ }", "\"\"", "0", "false", "true", "[]",
            "{}",
            "[{}]", "{\"a\":[]}", "[[[[[]]]]]", "[null,true,false,0,\"\",[],{}]", "          0          "
        )
        + invalid(
            "§2", ("", "at offset 0: the text is empty"), (" ", "at offset 1: the text is empty"),
            ("\n\n", "at offset 2"),
            ("1 2", "at offset 2: expected the end of the text, not '2'"), ("{}{}", "at offset 2: expected the end"),
            ("[]]", "at offset 2: expected the end of the text, not ']'"),
            ("1,", "expected the end of the text, not ','"),
            ("null\u{0}", "expected the end of the text, not the byte 0x0"), ("\u{B}1", "not the byte 0xb"),
            ("\u{C}1", "not the byte 0xc"), ("\u{A0}1", "not the byte 0xc2"), ("\u{2028}1", "not the byte 0xe2"),
            ("\u{FEFF}1", "at offset 0: a byte order mark is not allowed"), ("1\u{FEFF}", "not the byte 0xef"),
            ("// a\n1", "at offset 0: comments are not allowed"), ("/* a */1", "comments are not allowed"),
            ("1 // a", "expected the end of the text, not '/'"), ("[1 /* a */]", "expected a comma or ']', not '/'"),
            (":", "expected a value, not ':'"), ("]", "expected a value, not ']'"), ("}", "expected a value, not '}'"),
            ("#", "expected a value, not '#'"), ("@", "not '@'"), ("(1)", "not '('"), ("\\n", "not '\\'"),
            ("<a>", "not '<'"), ("*", "not '*'"), ("=1", "not '='"), ("\u{7F}", "not the byte 0x7f")
        )

    // MARK: §5 arrays

    static let arrays =
        valid(
            "§5", "[0]", "[0,0]", "[\"a\",\"a\"]", "[[],[[]],[[],[]]]", "[{\"a\":1},{\"a\":2}]", "[1,[2,[3,[4]]]]",
            "[[1],[2],[3]]", "[true,[false],null]", "[\n1\n,\n2\n]", "[-0]", "[\"]\"]", "[\",\"]", "[\"[\"]"
        )
        + invalid(
            "§5", ("[", "at offset 1: the text ends where a value is expected"),
            ("[1", "where a comma or ']' is expected"),
            ("[1,", "where a value is expected"), ("[1,]", "at offset 2: a trailing comma is not allowed"),
            ("[1, ]", "at offset 2: a trailing comma is not allowed"), ("[,]", "expected a value, not a comma"),
            ("[,1]", "at offset 1: expected a value, not a comma"),
            ("[1,,2]", "at offset 3: expected a value, not a comma"),
            ("[1 2]", "at offset 3: expected a comma or ']', not '2'"), ("[1}", "expected a comma or ']', not '}'"),
            ("[1:2]", "expected a comma or ']', not ':'"), ("[\"a\" \"b\"]", "expected a comma or ']'"),
            ("[[1,2],]", "at offset 6: a trailing comma"), ("[1;2]", "not ';'"), ("[[]", "at offset 3"),
            ("[}", "expected a value, not '}'"), ("[[[[", "at offset 4"), ("[1,}", "a trailing comma is not allowed"),
            ("[]1", "expected the end of the text"), ("[]\"a\"", "expected the end of the text")
        )

    // MARK: §4 objects

    static let objects =
        valid(
            "§4", "{\"\":0}", "{\"a\":1}", "{\"a\":{\"b\":{\"c\":{}}}}", "{\"a\":1,\"b\":2,\"c\":3}",
            "{\"a\":1,\"a\":2}",
            "{\"\\u0061\":1,\"a\":2}", "{\"a b\":1}", "{\"a\\\"b\":1}", "{\"é\":1}", "{\"😀\":1}",
            "{\"\\ud83d\\ude00\":1}",
            "{\"{\":\"}\"}", "{\":\":\",\"}", "{\"null\":null}", "{\"1\":1}", "{\"e\u{301}\":1,\"é\":2}",
            "{\"a\":[{\"a\":[{\"a\":1}]}]}", "{ \"a\" :1}", "{\"type\":\"a\",\"value\":[]}"
        )
        + invalid(
            "§4", ("{", "at offset 1: the text ends where a key is expected"), ("{\"a\"", "where a colon is expected"),
            ("{\"a\":", "at offset 5: the text ends where a value is expected"),
            ("{\"a\":1", "where a comma or '}' is expected"), ("{\"a\":1,", "where a key is expected"),
            ("{\"a\":1,}", "at offset 6: a trailing comma is not allowed"),
            ("{\"a\":1 , }", "a trailing comma is not allowed"),
            ("{,}", "expected a key, not a second comma"), ("{\"a\":1,,\"b\":2}", "at offset 7: expected a key"),
            ("{\"a\" 1}", "at offset 5: expected a colon, not '1'"), ("{\"a\",1}", "expected a colon, not ','"),
            ("{\"a\"}", "expected a colon, not '}'"), ("{\"a\"::1}", "expected a value, not ':'"),
            ("{a:1}", "at offset 1: expected a key in double quotes, not 'a'"),
            ("{'a':1}", "a key in double quotes, not '''"),
            ("{1:1}", "a key in double quotes, not '1'"), ("{null:1}", "a key in double quotes, not 'n'"),
            ("{[]:1}", "a key in double quotes, not '['"), ("{\"a\":1 \"b\":2}", "expected a comma or '}'"),
            ("{\"a\":1]", "expected a comma or '}', not ']'"), ("{\"a\":}", "expected a value, not '}'"),
            ("{]", "a key in double quotes, not ']'"), ("{\"a\":1}}", "expected the end of the text"),
            ("{\"a\":1;}", "not ';'"), ("{\"a\"=1}", "expected a colon, not '='"), ("{{}}", "not '{'"),
            ("{\"a\":{\"b\":1}", "at offset 12"), ("{\"a\":1,\"b\"}", "expected a colon")
        )

    // MARK: §3 literal names

    static let words =
        valid("§3", "[true]", "[false]", "[null]", "{\"true\":true}")
        + invalid(
            "§3", ("tru", "at offset 3: the text ends"), ("nul", "the text ends"), ("fals", "the text ends"),
            ("True", "the only words are true, false and null"), ("FALSE", "the only words are"),
            ("NULL", "the only words are"),
            ("None", "the only words are"), ("undefined", "the only words are"), ("trux", "the only words are"),
            ("truex", "the only words are"), ("true1", "the only words are"), ("null_", "the only words are"),
            ("nulll", "the only words are"), ("a", "the only words are"), ("[yes]", "at offset 1"),
            ("NaN", "at offset 0: NaN is not allowed; write null or a string"),
            ("Infinity", "Infinity is not allowed"), ("-Infinity", "-Infinity is not allowed"),
            ("[NaN]", "at offset 1: NaN"),
            ("nan", "the only words are"), ("inf", "the only words are"),
            ("-NaN", "a minus sign must be followed by a digit"),
            ("-inf", "a minus sign must be followed by a digit"), ("Inf", "the only words are"),
            ("'a'", "at offset 0: strings must be in double quotes"), ("[`a`]", "not '`'"),
            ("\u{201C}a\u{201D}", "not the byte 0xe2"), ("function(){}", "the only words are"),
            ("new Date()", "the only words are")
        )

    // MARK: §6 numbers

    static let numbers =
        valid(
            "§6", "0", "-0", "1", "-1", "9", "10", "123456789", "0.0", "-0.0", "0.1", "1.5", "-1.5", "1.50", "1e0",
            "1E0",
            "1e1", "1E+1", "1e-1", "0e0", "0e10", "-0e-10", "1.5e3", "1.5E-3", "9007199254740993",
            "9223372036854775807",
            "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616",
            "340282366920938463463374607431768211455", "-170141183460469231731687303715884105728",
            "123456789012345678901234567890", "0.1234567890123456789012345678901", "1e308", "-1e308", "5e-324",
            "2.5e-324",
            "1e-400", "1e22", "1e23", "1.7976931348623157e308", "2.2250738585072014e-308", "4.9406564584124654e-324",
            "0.30000000000000004", "100000000000000000000000", "1e00", "1e+00", "1.000000000000000000000000000000",
            "72057594037927936", "9.5e-7", "123e45", "179769313486231570000"
        )
        + invalid(
            "§6", ("-", "at offset 1: the text ends where a digit is expected"),
            ("01", "at offset 0: leading zeros are not allowed"),
            ("00", "leading zeros are not allowed"), ("-01", "leading zeros are not allowed"), ("007", "leading zeros"),
            ("01.5", "leading zeros"), ("00e1", "leading zeros"), ("+1", "a number may not begin with a plus sign"),
            (".5", "a decimal point must follow a digit"), ("-.5", "a minus sign must be followed by a digit"),
            ("1.", "at offset 2: the text ends where a digit is expected"),
            ("1.e1", "a decimal point must be followed by a digit"),
            ("1. ", "a decimal point must be followed by a digit"),
            ("1.2.3", "a number may have only one decimal point"),
            ("1e", "where a digit is expected"), ("1e+", "where a digit is expected"),
            ("1e-", "where a digit is expected"),
            ("1ee1", "an exponent must have a digit"), ("1e1.5", "a number may have only one decimal point"),
            ("1e1e1", "decimal digits"),
            ("1e+-1", "an exponent must have a digit"), ("--1", "a minus sign must be followed by a digit"),
            ("- 1", "followed by a digit"),
            ("-a", "followed by a digit"), ("0x1F", "at offset 1: a number must be in decimal digits"),
            ("1_000", "decimal digits"),
            ("1,000", "expected the end of the text, not ','"), ("1a", "decimal digits"), ("1f", "decimal digits"),
            ("1n", "decimal digits"), ("0b1", "decimal digits"), ("0o7", "decimal digits"), ("1-1", "not '-'"),
            ("1+1", "not '+'"),
            ("[1.]", "a decimal point must be followed by a digit"), ("[-]", "followed by a digit"),
            ("[1e]", "an exponent must have a digit"),
            ("\u{661}", "not the byte 0xd9"), ("1/2", "not '/'"), ("1%", "not '%'"), ("$1", "not '$'"),
            ("-Infinit", "followed by a digit")
        )

    // MARK: §7 strings

    static let strings: [DocumentCase] =
        valid(
            "§7", #""a""#, #""\"""#, #""\\""#, #""\/""#, #""/""#, #""\b""#, #""\f""#, #""\n""#, #""\r""#, #""\t""#,
            #""\u0000""#,
            #""\u001f""#, #""\u0020""#, #""\u007f""#, #""\u0080""#, #""\u00e9""#, #""\u00E9""#, #""\u07ff""#,
            #""\u0800""#,
            #""\u2028""#, #""\ufeff""#, #""\uffff""#, #""\ufffe""#, #""\ud7ff""#, #""\ue000""#, #""\ud800\udc00""#,
            #""\udbff\udfff""#, #""\uD83D\uDE00""#, #""\ud83d\ude00""#, #""\u0061\u0062""#, #""a\u0062c""#,
            #""\\u0061""#,
            #""\\\\""#, #""\\\"""#, #""\"\"""#, "\"\u{7F}\"", "\"é\"", "\"ü\"", "\"漢字\"", "\"😀\"", "\"👨‍👩‍👧\"",
            "\"\u{2028}\u{2029}\"",
            "\"e\u{301}\"", "\"\u{FEFF}\"", "\"\u{10FFFF}\"", "\"'\"", "\"// no comment\"", "\"12345678\"",
            "\"1234567\\n\"",
            "\"12345678\\n\"", "\"éééééééé\\\"\"", "\"<script>\""
        )
        + invalid(
            "§7", (#"""#, "at offset 1: the text ends where the closing quote of a string is expected"),
            (#""a"#, "the closing quote"), (#""a\"#, "where the rest of an escape is expected"),
            (#""a\""#, "the closing quote"),
            (#""\u"#, "the rest of an escape"), (#""\u00"#, "the rest of an escape"),
            (#""\u""#, "four hexadecimal digits"),
            (#""\u00g0""#, "at offset 1: \\u must be followed by four hexadecimal digits"),
            (#""\u 061""#, "four hexadecimal digits"),
            (#""\u+061""#, "four hexadecimal digits"), (#""\u-061""#, "four hexadecimal digits"),
            (#""\U0061""#, "\\U is not a valid escape"),
            (#""\u{61}""#, "four hexadecimal digits"),
            (#""\q""#, "at offset 1: \\q is not a valid escape; write \\\\ for a backslash"),
            (#""\x41""#, "\\x is not a valid escape"), (#""\0""#, "\\0 is not a valid escape"),
            (#""\'""#, "\\' is not a valid escape"),
            (#""\a""#, "\\a is not a valid escape"), (#""\v""#, "\\v is not a valid escape"),
            (#""\N""#, "\\N is not a valid escape"),
            (#""\ ""#, "a backslash before the byte 0x20 is not a valid escape"),
            (#""\é""#, "a backslash before the byte 0xc3"),
            ("\"\\\n\"", "a backslash before the byte 0xa is not a valid escape"),
            (#""\ud800""#, "at offset 1: a lone surrogate is not a character"), (#""\udc00""#, "a lone surrogate"),
            (#""\ud83d""#, "a lone surrogate"), (#""\ude00\ud83d""#, "at offset 1: a lone surrogate"),
            (#""\ud83da""#, "a lone surrogate"), (#""\ud83d\n""#, "a lone surrogate"),
            (#""\ud83d\u0041""#, "a lone surrogate"),
            (#""\ud83d\ud83d\ude00""#, "at offset 1: a lone surrogate"),
            (#""a\udfff""#, "at offset 2: a lone surrogate"),
            (#""\ud83d\ude0""#, "four hexadecimal digits"), (#"{"\ud800":1}"#, "at offset 2: a lone surrogate"),
            ("\"a\nb\"", "at offset 2: a string may not contain a raw newline; write \\n"),
            ("\"a\rb\"", "a raw carriage return; write \\r"), ("\"a\tb\"", "a raw tab; write \\t"),
            ("{\"a\n\":1}", "a raw newline"), ("\"12345678\u{1}\"", "at offset 9"), ("\"a", "the closing quote")
        ) + controls

    /// Each control character, raw and escaped.
    private static let controls: [DocumentCase] = (0..<32).flatMap { code in
        let character = Character(Unicode.Scalar(UInt8(code)))
        let digits = String(code, radix: 16)
        return invalid("§7", ("[\"\(character)\"]", "at offset 2: a string may not contain"))
            + valid("§7", "\"\\u00\(code < 16 ? "0" : "")\(digits)\"")
    }

    // MARK: §8.1 character encoding

    static let encoding: [DocumentCase] = {
        let bad: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFE], [0xFF],
        ]
        let good: [[UInt8]] = [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        ]
        func text(_ bytes: [UInt8]) -> Bytes { Bytes([0x5B, 0x22, 0x61] + bytes + [0x22, 0x5D]) }
        return bad.map { DocumentCase(section: "§8.1", bytes: text($0), refusal: "the bytes are not UTF-8") }
            + good.map { DocumentCase(section: "§8.1", bytes: text($0), refusal: nil) }
            + [
                DocumentCase(section: "§8.1", bytes: [0xFF, 0xFE, 0x31, 0x00], refusal: "the bytes are not UTF-8"),
                DocumentCase(section: "§8.1", bytes: [0x00, 0x31], refusal: "not the byte 0x0"),
                DocumentCase(section: "§8.1", bytes: [0x31, 0x00], refusal: "not the byte 0x0"),
            ]
    }()

    // MARK: Truncated documents

    static let truncated: [DocumentCase] = {
        let whole = #" {"a\u00e9\n": [-1.5e+3, true, false, null, "x\ud83d\ude00"], "b": {}}"#
        let bytes = Bytes(whole)
        return (2..<bytes.count).map {
            DocumentCase(section: "cut", bytes: bytes.slice(0..<$0), refusal: "the text ends where")
        }
    }()
}
