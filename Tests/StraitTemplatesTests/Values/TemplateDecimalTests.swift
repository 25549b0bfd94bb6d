import Foundation
import StraitTemplates
import Testing

@Suite struct `Decimal numbers` {
    private struct Order: Encodable {
        var price: Decimal
        var discount: Decimal?
        var prices: [Decimal]
        var byName: [String: Decimal]
        var serial: UInt64
        var wide: Int128
    }

    private let order = Order(
        price: Decimal(string: "0.07") ?? 0, discount: Decimal(string: "0.995"),
        prices: [2, Decimal(string: "1e20") ?? 0],
        byName: ["a": Decimal(string: "-0.005") ?? 0], serial: .max, wide: .min)

    private func render(_ text: String) throws -> String {
        try TemplateEngine().template(text: text).render(["o": TemplateValue(encoding: order)])
    }

    @Test func `a Decimal keeps its digits in properties, arrays and dictionaries`() throws {
        #expect(try render("{{ o.price }}") == "0.07")
        #expect(try render("{{ o.discount|floatformat:2 }}") == "1.00")
        #expect(try render("{{ o.prices.0 }} {{ o.prices.1 }}") == "2 100000000000000000000")
        #expect(try render("{{ o.byName.a|floatformat:2 }} {{ o.byName.a }}") == "-0.01 -0.005")
        #expect(try render("{{ o.prices }}") == "[Decimal(&#x27;2&#x27;), Decimal(&#x27;100000000000000000000&#x27;)]")
    }

    @Test func `filters and tags compute with decimals as Django does`() throws {
        #expect(try render("{{ o.price|add:1 }} {{ o.prices.1|add:1 }}") == "1 100000000000000000001")
        #expect(try render("{{ o.price|stringformat:'.3f' }} {{ o.price|stringformat:'s' }}") == "0.070 0.07")
        #expect(try render("{{ o.prices.1|floatformat:'2g' }}") == "100,000,000,000,000,000,000.00")
        #expect(try render("{{ o.price|json_script }}").contains(">\"0.07\"<"))
        #expect(try render("{% widthratio o.price 1 1000 %}{{ o.prices.0|pluralize }}") == "70s")
        #expect(try render("{% if o.price == 0.07 %}a{% endif %}{% if o.prices.0 == 2 %}b{% endif %}") == "b")
        #expect(try render("{% if o.price < 1 and o.price > 0 and o.price %}c{% endif %}") == "c")
    }

    @Test func `an integer beyond the range of Int64 keeps its digits`() throws {
        #expect(
            try render("{{ o.serial }} {{ o.wide }}") == "18446744073709551615 -170141183460469231731687303715884105728"
        )
        #expect(try render("{{ o.serial|add:1 }} {{ o.serial|json_script }}").contains("18446744073709551616 <script"))
        #expect(
            try render("{{ 9223372036854775807|add:1 }} {{ 1e19|filesizeformat }}")
                == "9223372036854775808 8881.8\u{A0}PB")
        #expect(try render("{{ 100000000000000000000000 }}") == "100000000000000000000000")
    }

    @Test func `TemplateDecimal keeps the trailing zeros of its text and rejects invalid numbers`() throws {
        let number = try #require(TemplateDecimal("2.50"))
        #expect(number.description == "2.50")
        #expect(try TemplateEngine().template(text: "{{ n }}").render(["n": TemplateValue(number)]) == "2.50")
        #expect(TemplateDecimal("1e3")?.description == "1E+3")
        #expect(
            TemplateDecimal("nan") == nil && TemplateDecimal("") == nil
                && TemplateDecimal("1e1000000000000000000") == nil)
    }

    @Test(arguments: [
        (TemplateValue.int(7), 2, "7.00"), (.int(-7), 1, "-7.0"), (.int(0), 3, "0.000"),
        (.int(.min), 1, "-9223372036854775808.0"),
        (.double(1.25), 2, "1.25"), (.double(2.5), 2, "2.50"), (.double(3), 2, "3.00"), (.double(-0.5), 3, "-0.500"),
        (.double(0), 2, "0.00"), (.double(-0.0), 2, "0.00"), (.double(0.001), 3, "0.001"),
        (.double(0.0001), 4, "0.0001"),
        (.double(1.255), 2, "1.26"), (.double(-0.001), 2, "0.00"), (.double(99.995), 2, "100.00"),
        (.double(123_456_789_012_345.6), 1, "123456789012345.6"), (.double(1e15), 1, "1000000000000000.0"),
        (.double(1e16), 1, "10000000000000000.0"), (.double(1.5e-7), 8, "0.00000015"),
        (.double(1.5), 17, "1.50000000000000000"),
    ])
    func `floatformat pads and rounds to a number of places`(value: TemplateValue, places: Int, text: String) throws {
        let template = try TemplateEngine().template(text: "{{ value|floatformat:places }}")
        #expect(try template.render(["value": value, "places": .int(places)]) == text)
    }
}
