import StraitCore
import StraitTesting
import StraitText
import Testing

@Suite struct DurationTextTests {
    private static let day = Duration.seconds(86_400)

    @Test(
        arguments: [
            ("3 04:05:06.789", .seconds(273_906) + .milliseconds(789)), ("3 days, 04:05:06", .seconds(273_906)),
            ("1 day, 00:00:01", .seconds(86_401)), ("05:06", .seconds(306)), ("7", .seconds(7)),
            ("-7,5", .seconds(-7.5)),
            ("-1 00:00:01", .seconds(-86_399)), ("1 -00:00:01", .seconds(86_399)), ("0.0000019", .microseconds(1)),
            ("P3DT4H5M6.5S", .seconds(273_906.5)), ("-P1DT1S", .seconds(-86_401)), ("PT0,5H", .seconds(1800)),
            ("P", .zero), ("3 days", .seconds(259_200)), ("3 days -04:00:00", .seconds(244_800)),
            ("1 day +100:00:00.25", .seconds(446_400.25)), ("-999999999 00:00:00", .seconds(-86_399_999_913_600)),
        ] as [(String, Duration)])
    func `Django's formats, ISO 8601 and days with a time are read`(text: String, duration: Duration) {
        #expect(DurationText.read(text) == .duration(duration))
    }

    @Test(arguments: ["x", "1:2:3:4", "1 2 3", "P1W", "P1.D", "1 month", " 1", "1\n", "٣", "1 dayss 00:00:00"])
    func `other text is no duration`(text: String) {
        #expect(DurationText.read(text) == nil)
    }

    @Test(
        arguments: [
            "1000000000 00:00:00", "-1000000000 00:00:00", "999999999 24:00:00", "P1000000000D", "-P999999999DT24H1S",
            "99999999999999999999 00:00:00", "99999999999999999999", "99999999999:00:00", "PT99999999999999999999S",
            "99999999999999999999 days",
        ])
    func `more days than Python's timedelta has are too long`(text: String) {
        #expect(DurationText.read(text) == .tooLong)
    }

    @Test(
        arguments: [
            ("1 year 2 mons -3 days +04:05:06.789", .seconds(422 * 86_400 + 14_706) + .milliseconds(789)),
            ("00:00:00", .zero), ("-00:00:00.000001", .microseconds(-1)), ("1 day", day),
            ("-1 days +23:59:59", .seconds(-1)), ("2 years -1 mons", day * 700),
            ("99999999999 days", day * 99_999_999_999), ("", nil), ("1 day 2", nil), ("1:2", nil), ("1 week", nil),
            ("00:60:00", nil), ("00:00:00.", nil), ("00:00:00.1234567", nil), ("00:00:00.+1", nil),
        ] as [(String, Duration?)])
    func `PostgreSQL's intervals are read, months as 30 days and years as 365`(text: String, duration: Duration?) {
        #expect(DurationText.readInterval(text) == duration)
    }

    @Test(
        arguments: [
            (.zero, "00:00:00", "P0DT00H00M00S", "0 days 0 microseconds"),
            (
                .seconds(273_906) + .milliseconds(789), "3 04:05:06.789000", "P3DT04H05M06.789000S",
                "3 days 14706789000 microseconds"
            ),
            (.microseconds(-1), "-1 23:59:59.999999", "-P0DT00H00M00.000001S", "-1 days 86399999999 microseconds"),
            (.seconds(-86_401), "-2 23:59:59", "-P1DT00H00M01S", "-2 days 86399000000 microseconds"),
            (.seconds(7200), "02:00:00", "P0DT02H00M00S", "0 days 7200000000 microseconds"),
        ] as [(Duration, String, String, String)])
    func `a duration is written as in Django, ISO 8601 and PostgreSQL`(
        duration: Duration, text: String, iso: String, interval: String
    ) {
        #expect(DurationText.text(of: duration) == text)
        #expect(DurationText.isoText(of: duration) == iso)
        #expect(DurationText.interval(of: duration) == interval)
    }

    @Test(arguments: Seeds(200))
    func `each form is read as the duration that was written`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let duration = Duration.microseconds(
            Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &random))
        #expect(DurationText.read(DurationText.text(of: duration)) == .duration(duration))
        #expect(DurationText.read(DurationText.isoText(of: duration)) == .duration(duration))
    }

    @Test(arguments: Seeds(300))
    func `any text is a duration or not, without a trap`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "1", "-", "+", ":", ".", ",", " ", "P", "D", "T", "H", "M", "S", "day", "days", "mons", "years", "00:00:01",
            "9223372036854775807", "999999999", "é", "٣",
        ]
        let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            pieces[Int.random(in: 0..<pieces.count, using: &random)]
        }.joined()
        _ = DurationText.read(text)
        _ = DurationText.readInterval(text)
    }
}
