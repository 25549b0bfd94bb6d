import StraitText
import Testing

/// The expected values are Python's.
@Suite struct PythonNumberTests {
    private static let texts: [(text: String, int: Int?, float: Double?)] = [
        ("1", 1, 1), (" 1_0 ", 10, 10), ("1__0", nil, nil), ("_1", nil, nil), ("٣", 3, 3), ("1.", nil, 1),
        ("-٣.5e1", nil, -35), ("1e", nil, nil), ("1e+", nil, nil), ("inf", nil, .infinity),
        ("-Infinity", nil, -.infinity), ("0x1p3", nil, nil), ("1e400", nil, .infinity), ("1_0.5", nil, 10.5),
        ("1_.5", nil, nil), ("infinit", nil, nil), ("", nil, nil), ("+-1", nil, nil), ("1.2.3", nil, nil),
        (".5", nil, 0.5), (".", nil, nil), ("\u{85}5\u{2028}", 5, 5), ("\u{1C}5", nil, nil), ("5\u{1F}", nil, nil),
        ("1e-99999999999999999999", nil, 0), ("-1E+2", nil, -100),
    ]

    @Test(arguments: texts)
    func `int and float read text as in Python`(text: String, int: Int?, float: Double?) {
        #expect(PythonNumber.int(text) == int, "\(text.debugDescription)")
        #expect(PythonNumber.double(text) == float, "\(text.debugDescription)")
    }

    @Test func `float reads NaN, and Decimal also reads signaling NaN and digits after NaN`() {
        #expect(PythonNumber.double("+nan")?.isNaN == true && PythonNumber.text(.nan) == "nan")
        #expect(["nan", "-sNaN12", " NaN\u{1C}"].allSatisfy(PythonNumber.isDecimalNaN))
        #expect(!["snan1e", "inf", "nanx", "1"].contains(where: PythonNumber.isDecimalNaN))
    }

    @Test func `a number has a sign, digits around a point, and an exponent`() throws {
        let number = try #require(DecimalText("-012.50e+3".utf8))
        #expect(number.isNegative && number.whole == [0, 1, 2] && number.fraction == [5, 0])
        #expect(number.power == 3 && number.exponent == 1 && number.text == "-012.50e3")
        #expect(DecimalText(".5".utf8)?.text == "0.5" && DecimalText("5.".utf8)?.text == "5")
        let others = ["", "-", ".", "e5", "1e", "1e+", "1e5.", "1 ", "1_0", "٣", "inf", "0x1", "1.2.", "--1"]
        #expect(!others.contains { DecimalText($0.utf8) != nil })
    }

    @Test func `Decimal accepts exponents of up to 18 digits`() {
        #expect(DecimalText("1e999999999999999999".utf8)?.exponent == 999_999_999_999_999_999)
        #expect(DecimalText("1e1000000000000000000".utf8).map { $0.exponent == nil } == true)
        #expect(DecimalText("1e99999999999999999999999999".utf8).map { $0.exponent == nil } == true)
        #expect(DecimalText("0.1e-99999999999999999999999".utf8).map { $0.exponent == nil } == true)
    }
}
