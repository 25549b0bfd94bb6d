import StraitCore
import Testing

@testable import StraitCache

@Suite struct `Cache serializers` {
    @Test func `integers are decimal digits in every format, as in Django`() throws {
        for serializer in [CacheSerializer.pickle, .json] {
            for number in [0, 7, -1, .max, .min] {
                #expect(try serializer.bytes(of: .int(number)) == Bytes(String(number)))
                #expect(try serializer.value(of: Bytes(String(number))) == .int(number))
            }
        }
        #expect(try CacheSerializer.pickle.bytes(of: .bool(true)) == Bytes([0x80, 5, 0x88, 0x2E]))
    }

    @Test(arguments: [
        #"{"a":[1,-2.5,true,false,null,"ü"],"b":{"c":[]}}"#, "[]", "12345678901234567890123", #""\"\\""#,
        "[NaN,Infinity,-Infinity]", "[1e+20]",
    ])
    func `JSON is the same after it is read and written`(_ json: String) throws {
        let value = try CacheSerializer.json.value(of: Bytes(json))
        #expect(try CacheJSON.bytes(of: value) == Bytes(json))
    }

    @Test func `JSON is ASCII, because Django decodes it as Latin-1`() throws {
        let bytes = try CacheSerializer.json.bytes(of: .string("ü🔑"))
        #expect(bytes == Bytes(#""\u00fc\ud83d\udd11""#))
        #expect(try CacheSerializer.json.value(of: bytes) == .string("ü🔑"))
    }

    @Test func `keys that are not text become text, and tuples become lists`() throws {
        let value = CacheValue.dictionary([
            CacheValue.Pair(.int(1), .tuple([.int(2)])), CacheValue.Pair(.bool(true), .null),
            CacheValue.Pair(.null, .largeInt("9223372036854775808")),
        ])
        #expect(try CacheJSON.bytes(of: value) == #"{"1":[2],"true":null,"null":9223372036854775808}"#)
    }

    @Test func `values that JSON lacks, and bytes that are not JSON, are errors`() {
        for value in [CacheValue.bytes("x"), .dictionary([CacheValue.Pair(.tuple([]), .null)])] {
            #expect(throws: CacheValueError.self) { try CacheSerializer.json.bytes(of: value) }
        }
        for text in ["", "{", "nul", "\u{0}"] {
            #expect(throws: CacheValueError.self) { try CacheSerializer.json.value(of: Bytes(text)) }
            #expect(throws: CacheValueError.self) { try CacheSerializer.pickle.value(of: Bytes(text)) }
        }
    }
}
