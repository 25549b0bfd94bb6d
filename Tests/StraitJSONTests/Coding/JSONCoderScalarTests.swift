import Foundation
import StraitCore
import Testing

@testable import StraitJSON

@Suite struct Scalars {
    private func extremes<Number: FixedWidthInteger & Codable & Sendable>(_ type: Number.Type) {
        for number in [Number.min, 0, 1, Number.max, Number.max / 3] {
            #expect((try? written([number])) == "[\(number)]")
            #expect((try? read([Number].self, "[\(number)]")) == [number])
            #expect((try? read([String: Number].self, "{\"k\":\(number)}")) == ["k": number])
            #expect((try? read(Number.self, "\(number)")) == number)
            #expect((try? read(Number.self, "\(number).000")) == number)
            #expect((try? read(Number.self, "\(number)e0")) == number)
            #expect(number == 0 || (try? read(Number?.self, "\(number)0e-1")) == number)
        }
        let beyond = [
            "\(Number.max)0", "-\(Number.max)0", "1e400", "-1e400", "1e999999999999999999999999",
            String(repeating: "9", count: 4000),
        ]
        for text in beyond {
            let error = #expect(throws: DecodingError.self) { try read(Number.self, text) }
            #expect(
                error.flatMap { JSONError($0) }?.description
                    == "Expected a whole number from \(Number.min) to \(Number.max) at offset 0.")
        }
        for text in ["0.5", "1e-1", "1.0000000000000000000000000000001", "1e-999999999999999999999999"] {
            let error = #expect(throws: DecodingError.self) { try read(Number.self, text) }
            #expect(
                error.flatMap { JSONError($0) }?.description == "Expected a whole number at offset 0, not a fraction.")
        }
        for text in ["null", "\"1\"", "true", "[]", "{}"] {
            #expect(throws: DecodingError.self) { try read(Number.self, text) }
        }
    }

    @Test func `integers of every width are coded up to their limits and rejected beyond`() {
        extremes(Int.self)
        extremes(Int8.self)
        extremes(Int16.self)
        extremes(Int32.self)
        extremes(Int64.self)
        extremes(Int128.self)
        extremes(UInt.self)
        extremes(UInt8.self)
        extremes(UInt16.self)
        extremes(UInt32.self)
        extremes(UInt64.self)
        extremes(UInt128.self)
        #expect((try? read(Int.self, "1e2")) == 100 && (try? read(Int.self, "-0")) == 0)
    }

    @Test func `floating-point numbers are rounded to the nearest value and encoded as the shortest text`() throws {
        let numbers: [Double] = [
            0, -0.0, 0.1, 1, 1.5, -2.25, 1e21, 1e22, 1e23, 1e-7, 123_456_789.123_456_79, .pi, .ulpOfOne,
            .leastNonzeroMagnitude,
            .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 9_007_199_254_740_992, 0.3,
        ]
        for number in numbers {
            #expect(try read(Double.self, written(number)).bitPattern == number.bitPattern)
            #expect(try read([Double].self, "[\(number)]").first?.bitPattern == number.bitPattern)
        }
        for number in [Float(0.1), .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 16_777_216, 1e-10] {
            #expect(try read(Float.self, written(number)) == number)
        }
        #expect(try written([0.1, 1.0, 1e100]) == "[0.1,1.0,1e+100]")
        for text in [
            "0.1", "123456.789", "9007199254740993", "1e22", "1.7976931348623157e308", "4.35", "0.000001", "8.5e-320",
        ] {
            #expect(try read(Double.self, text) == Double(text))
        }
    }

    @Test func `a floating-point number that overflows is an error, and one that underflows is zero`() throws {
        for text in ["1e309", "-1e309", "1e999999999999", String(repeating: "9", count: 400)] {
            let error = #expect(throws: DecodingError.self) { try read(Double.self, text) }
            #expect(
                error.flatMap { JSONError($0) }?.description
                    == "Expected a number that 64 bits of floating point can hold at offset 0.")
        }
        #expect(throws: DecodingError.self) { try read(Float.self, "1e39") }
        #expect(try read(Double.self, "1e-999999999999") == 0)
    }

    @Test func `NaN and infinity cannot be encoded`() {
        struct Number: Codable { var number: Double }
        for number in [Double.nan, .infinity, -.infinity] {
            for work in [{ try written(number) }, { try written([number]) }, { try written(Number(number: number)) }] {
                let error = #expect(throws: EncodingError.self) { try work() }
                guard case .invalidValue(_, let context)? = error else { continue }
                #expect(context.debugDescription == "JSON has no number for \(number). Encode nil or a string instead.")
            }
        }
        #expect(throws: EncodingError.self) { try written(Float.infinity) }
        #expect(throws: EncodingError.self) { try written(Decimal.nan) }
    }

    @Test func `a Decimal keeps its digits`() throws {
        for text in [
            "0.1", "123456789012345678901234567890.12345678", "99999999999999999999999999999999999999", "-1e-128",
            "1e127", "0", "-5",
            "1e100", "0.00000000000000000000000000000000000001", "12345678901234567890", "1.10", "100", "-0.001e3",
        ] {
            let decimal = try #require(Decimal(string: text))
            #expect(try read(Decimal.self, text) == decimal, "\(text)")
            #expect(try read(Decimal.self, written(decimal)) == decimal, "\(text)")
        }
        #expect(try written(Decimal(string: "0.1")!) == "0.1")
        for text in [
            String(repeating: "1", count: 39), "1e-200", "1e300", "1e99999999999999999999",
            "1." + String(repeating: "3", count: 38),
        ] {
            let error = #expect(throws: DecodingError.self) { try read(Decimal.self, text) }
            #expect(
                error.flatMap { JSONError($0) }?.description == "Expected a number of at most 38 digits at offset 0.")
        }
    }

    @Test func `Data and Bytes are encoded in base64, URL and UUID as text`() throws {
        #expect(try written(Data([0, 255, 7])) == #""AP8H""#)
        #expect(try read(Data.self, #""AP8H""#) == Data([0, 255, 7]))
        #expect(try written([Bytes([0, 255, 7])]) == #"["AP8H"]"#)
        #expect(try read([String: Bytes].self, #"{"a":"AP8H"}"#) == ["a": [0, 255, 7]])
        #expect(try read(Bytes?.self, "null") == nil)
        #expect(try written([0, 255] as [UInt8]) == "[0,255]" && read([UInt8].self, "[0,255]") == [0, 255])
        let url = try #require(URL(string: "https://example.com/a?b=c"))
        #expect(try written(url) == #""https://example.com/a?b=c""#)
        #expect(try read([URL].self, #"["https:\/\/example.com/a?b=c"]"#) == [url])
        let id = UUID()
        #expect(try read(UUID.self, written(id)) == id)
        for text in [#""!""#, #""AP8""#, "1", #""AP8H\n""#] {
            #expect(throws: DecodingError.self) { try read(Data.self, text) }
        }
        #expect(throws: DecodingError.self) { try read(UUID.self, #""x""#) }
        let error = #expect(throws: DecodingError.self) { try read([Bytes].self, #"["?"]"#) }
        #expect(error.flatMap { JSONError($0) }?.description == "Expected base64 at [0] (offset 1).")
    }

    @Test func `only characters that JSON requires are escaped`() throws {
        #expect(
            try written("\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é😀\u{2028}<")
                == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7F}é😀\u{2028}<\"")
    }

    @Test func `script escaping gives ASCII that cannot close a script element`() {
        var buffer = ByteBuffer()
        buffer.append(json: "</script>&\"\\\n\u{1}é😀\u{7F}", escaping: .script)
        #expect(
            String(utf8: buffer.freeze())
                == #""\u003C/script\u003E\u0026\"\\\n\u0001\u00e9\ud83d\ude00\u007f""#)
    }
}

@Suite struct Dates {
    static let texts: [(String, Double)] = [
        ("1970-01-01T00:00:00Z", 0), ("2023-11-14T22:13:20Z", 1_700_000_000),
        ("2023-11-14T22:13:20.5Z", 1_700_000_000.5),
        ("2023-11-14T22:13:20.125Z", 1_700_000_000.125), ("2023-11-14T23:13:20+01:00", 1_700_000_000),
        ("2023-11-14T23:13:20+0100", 1_700_000_000), ("2023-11-14T23:13:20+01", 1_700_000_000),
        ("2023-11-14T16:43:20-05:30", 1_700_000_000), ("2023-11-14 22:13:20Z", 1_700_000_000),
        ("2023-11-14t22:13:20z", 1_700_000_000),
        ("1969-12-31T23:59:59.5Z", -0.5), ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("2000-02-29T12:00:00Z", 951_825_600),
        ("1900-03-01T00:00:00Z", -2_203_891_200), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("2016-12-31T23:59:60Z", 1_483_228_800), ("2023-11-14T22:13:20,5Z", 1_700_000_000.5),
    ]

    @Test(arguments: texts)
    func `a date is decoded with or without a fraction, at any UTC offset`(text: String, seconds: Double) throws {
        #expect(try read(Date.self, "\"\(text)\"").timeIntervalSince1970 == seconds)
    }

    @Test func `a date is encoded with fractional seconds only if it has them, and decoded unchanged`() throws {
        for (seconds, text) in [
            (1_700_000_000, "2023-11-14T22:13:20Z"), (1_700_000_000.5, "2023-11-14T22:13:20.500Z"),
            (1_700_000_000.123, "2023-11-14T22:13:20.123Z"), (-0.5, "1969-12-31T23:59:59.500Z"),
            (0, "1970-01-01T00:00:00Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Double, String)] {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(try written(date) == "\"\(text)\"")
            #expect(try read(Date.self, written(date)) == date)
        }
        for step in 0..<500 {
            let date = Date(timeIntervalSinceReferenceDate: Double(step) * 1_234_567.891_011_12 + 700_000_000)
            #expect(try read(Date.self, written(date)) == date)
            let old = Date(timeIntervalSinceReferenceDate: -Double(step) * 98_765_432.1)
            #expect(try read(Date.self, written(old)) == old)
        }
    }

    @Test func `a date is formatted as Foundation formats it`() throws {
        for day in stride(from: -100_000, to: 200_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 3661)
            #expect(JSONDate.text(date) == date.formatted(.iso8601))
        }
    }

    @Test(arguments: [
        "", "2023", "2023-11-14", "2023-11-14T22:13Z", "2023-11-14T22:13:20", "2023-13-01T00:00:00Z",
        "2023-00-01T00:00:00Z",
        "2023-02-29T00:00:00Z", "2023-04-31T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z",
        "2023-11-14T22:13:61Z",
        "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20+24:00", "2023-11-14T22:13:20+01:60", "2023-11-14T22:13:20Zx",
        "-2023-11-14T22:13:20Z",
        "+12023-11-14T22:13:20Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:60Z", "2023-11-14T22:13:20+1:00", "２０２３-11-14T22:13:20Z", "2023/11/14T22:13:20Z", "now",
    ])
    func `an invalid date or one outside the years 1 to 9999 is rejected`(text: String) {
        let error = #expect(throws: DecodingError.self) { try read([String: Date].self, "{\"at\":\"\(text)\"}") }
        #expect(
            error.flatMap { JSONError($0) }?.description
                == "Expected a date and time in ISO 8601, such as 2026-11-28T17:13:33Z at at (offset 6).")
    }

    @Test func `a date outside the years 1 to 9999 cannot be encoded`() {
        for seconds in [-62_135_596_801, 253_402_300_800, 1e13, -1e300, .infinity, .nan, .greatestFiniteMagnitude]
            as [Double]
        {
            #expect(throws: EncodingError.self) { try written(Date(timeIntervalSince1970: seconds)) }
        }
        #expect(throws: DecodingError.self) { try read(Date.self, "1e13") }
    }
}
