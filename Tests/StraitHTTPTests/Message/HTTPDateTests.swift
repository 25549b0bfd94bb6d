import StraitCore
import StraitHTTP
import Testing

@Suite struct Dates {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
    ])
    func `a date is formatted and parsed as an IMF-fixdate (RFC 9110 §5.6.7)`(seconds: Int, text: String) {
        #expect(HTTPDate(secondsSinceEpoch: seconds).description == text)
        #expect(HTTPDate(parsing: text)?.secondsSinceEpoch == seconds)
    }

    @Test func `obsolete date formats are parsed (RFC 9110 §5.6.7)`() {
        #expect(HTTPDate(parsing: "Sunday, 06-Nov-94 08:49:37 GMT")?.secondsSinceEpoch == 784_111_777)
        #expect(HTTPDate(parsing: "Sun Nov  6 08:49:37 1994")?.secondsSinceEpoch == 784_111_777)
    }

    @Test(arguments: [
        "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 0 Foo 1994 0:0:0 GMT",
        "Sun, 30 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Nov 0000 08:49:37 GMT",
    ])
    func `an invalid date is parsed as nil`(text: String) {
        #expect(HTTPDate(parsing: text) == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `parsing a formatted date returns the same date`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let date = HTTPDate(secondsSinceEpoch: Int.random(in: -62_135_596_800...253_402_300_799, using: &generator))
            #expect(HTTPDate(parsing: date.description) == date, "seed \(seed)")
        }
    }
}
