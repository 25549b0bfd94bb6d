import Foundation
import StraitText
import Testing

@testable import StraitTemplates

/// Extreme numbers, dates and widths give a result or an error, never a crash.
@Suite struct `Extreme values` {
    private static let numbers: [TemplateValue] =
        [Int.min, Int.min + 1, -1, 0, 1, 2, 1 << 53, Int.max - 1, Int.max].map { .int($0) }
        + [
            0.0, -0.0, .nan, .infinity, -.infinity, 1e308, -1e308, 1e-308, .leastNonzeroMagnitude, 1e19, -1e19, 0.5,
            -0.5, 9.2e18,
            .greatestFiniteMagnitude,
        ].map { .double($0) }
        + ["0.07", "-0", "1e250", "-1e-250", "1e999999999999999999", "-1e-999999999999999999", "0e999999999999999999"]
        .compactMap { TemplateDecimal($0).map { .decimal($0) } }
        + [.decimal(TemplateDecimal(UInt128.max)), .decimal(TemplateDecimal(Int128.min)), .bool(true), .none]

    private static let texts: [TemplateValue] =
        [
            "", " ", "0", "-0", "+5", "-9223372036854775808", "9223372036854775807", "-9223372036854775809",
            "9223372036854775808", "99999999999999999999999999", "1e-9223372036854775808", "1e9223372036854775807",
            "-1e-9223372036854775809", "1e400", "nan", "inf", "-Infinity", "sNaN", "0x1p3", "1_0", ".", "e", "-", "g",
            "u", "gu",
            "-9223372036854775808g", "100000g", "-9223372036854775808:9223372036854775807:-9223372036854775808", "::0",
            "99999999999999999999d", ".99999999999999999999f", "100000.100000f", "-#+ 0100000.99999e", "(", "%", "c",
            "d", "x",
            "é\u{301}", "<b", "&#99999999999999999999;", "\u{10FFFF}", "aAbBcCdDeEfFgGhHiIjJlLmMnNoOPrsStTuUwWyYzZ\\",
        ].map { .string($0) } + [
            .string(String(repeating: "9", count: 401)), .string("1" + String(repeating: "0", count: 400)),
        ]

    private static let others: [TemplateValue] =
        [-1e300, -1e13, -62_135_596_800, 0, 1e10, 253_402_300_799, 1e13, 1e300, .infinity, -.infinity, .nan].map {
            .date(TemplateDate(Date(timeIntervalSince1970: $0)))
        }
        + [
            .date(TemplateDate(year: .max, month: .min, day: .max)), .date(TemplateDate(hour: .min, minute: .max)),
            .date(
                TemplateDate(
                    year: .min, month: .max, day: .min, hour: .max, minute: .min, second: .max, microsecond: .min,
                    zone: TemplateDate.Zone(offset: .min, name: ""))),
            [], [1, [2, [3]]], [:], ["a": 1], .tuple([]), .object(QueryValues()), .safe(""),
        ]

    private static let engine = TemplateEngine(
        timeZone: TimeZone(identifier: "Pacific/Kiritimati") ?? .gmt, clock: { Date(timeIntervalSince1970: .infinity) })

    @Test(arguments: engine.builtinFilters.keys.sorted())
    func `every filter gives a result or an error with a message for every value and argument`(name: String) throws {
        let filter = try #require(Self.engine.builtinFilters[name])
        let values = Self.numbers + Self.texts + Self.others
        let arguments: [TemplateValue?] =
            (filter.argument == .none ? [] : values) + (filter.argument == .required ? [] : [nil])
        for value in values {
            for argument in arguments {
                for isAutoescaping in argument == nil ? [true, false] : [true] {
                    let environment = FilterEnvironment(engine: Self.engine, isAutoescaping: isAutoescaping)
                    do throws(TemplateError) {
                        use(try filter.apply(value, argument, environment))
                    } catch {
                        #expect(!error.message.isEmpty)
                    }
                }
            }
        }
    }

    /// Prints, converts and compares a value in every way that a template can.
    private func use(_ value: TemplateValue) {
        var output = ""
        value.write(to: &output, escaping: true, Self.engine)
        #expect(output.utf8.count <= 3_000_000)
        guard output.utf8.count < 1000 else { return }
        _ = (value.representation, value.asInt, value.asDouble, value.asWhole, value.asDecimal, ScriptText.json(value))
        _ = (value.isEqual(to: value), value.isLess(than: value), value.contains(value), value.isTrue)
    }

    @Test func `any two values can be compared`() {
        let values = Self.numbers + Self.texts + Self.others
        for left in values {
            for right in values {
                _ = (
                    left.isEqual(to: right), left.isLess(than: right), left.contains(right), left.isIdentical(to: right)
                )
                if let isLess = left.isLess(than: right), isLess { #expect(!left.isEqual(to: right)) }
            }
        }
    }

    @Test(arguments: [
        "{% widthratio v w 100 %}", "{% widthratio 1 v w %}", "{% widthratio v 1 w %}", "{% lorem v w %}",
        "{% lorem v p %}",
        "{% for x in l|slice:v %}{{ x }}{% endfor %}", "{% cycle v w %}", "{{ l.0 }}{{ l.99999999999999999999 }}",
        "{% if v > w %}x{% endif %}", "{% querystring q a=v b=w %}", "{{ v }}{{ w }}",
        "{% ifchanged v w %}x{% endifchanged %}",
    ])
    func `every tag gives a result or an error with a message for every number and text`(text: String) throws {
        let template = try Self.engine.template(text: text)
        for value in Self.numbers + Self.texts {
            for other in [value, .int(0), .int(1), .int(.min), .double(.nan)] {
                // Up to 100,000 paragraphs are allowed, but rendering that many takes too long here.
                if text.contains("lorem"), value.wholeNumber ?? 0 > 1000, value.wholeNumber ?? 0 < 100_000 { continue }
                do throws(TemplateError) {
                    _ = try template.render(["v": value, "w": other, "l": [1, 2, 3], "q": .object(QueryValues())])
                } catch {
                    #expect(!error.message.isEmpty)
                }
            }
        }
    }

    @Test func `excessive widths and numbers of decimal places are rejected`() throws {
        for filter in ["ljust", "rjust", "center"] {
            let template = try Self.engine.template(text: "{{ 'x'|\(filter):w }}")
            #expect(throws: TemplateError.self) { try template.render(["w": 1_000_001]) }
            do throws(TemplateError) { _ = try template.render(["w": .int(.max)]) } catch {
                #expect(
                    error.message
                        == "'\(filter)' got the width 9223372036854775807. Use at most 1000000 characters.")
            }
            #expect(try template.render(["w": .int(.min)]) == "x")
        }
        do throws(TemplateError) {
            _ = try Self.engine.template(text: "{{ 1.5|floatformat:w }}").render(["w": .int(.min)])
            Issue.record("Expected an error")
        } catch {
            #expect(
                error.message == "'floatformat' got -9223372036854775808 places. Use at most 100000.")
        }
    }

    @Test func `dates that are out of range or do not exist are clamped to valid dates`() throws {
        func shown(_ seconds: Double) throws -> String {
            try TemplateEngine().template(text: "{{ d|date:'Y-m-d' }}").render([
                "d": .date(TemplateDate(Date(timeIntervalSince1970: seconds)))
            ])
        }
        #expect(try shown(1e300) == "9999-12-30")
        #expect(try shown(-.infinity) == "0001-01-02")
        #expect(try shown(.nan) == "1970-01-01")
        #expect(try shown(1_709_164_800) == "2024-02-29")
        #expect(
            try TemplateEngine().template(text: "{{ d|date:'Y-m-d' }}").render([
                "d": .date(TemplateDate(year: 2023, month: 2, day: 31))
            ]) == "2023-02-28")
    }
}
