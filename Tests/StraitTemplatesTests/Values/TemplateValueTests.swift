import Foundation
import StraitTemplates
import StraitText
import Testing

@Suite struct ValueTests {
    private struct Message: Encodable {
        var author: String
        var text: String?
        var sent: Date
        var tags: [String]
        var score: Double
    }

    private struct Room: TemplateObject, Equatable {
        let name: String
        subscript(member name: String) -> TemplateValue? {
            switch name {
            case "name": .string(self.name)
            case "url": .string("/room/\(self.name)/")
            default: nil
            }
        }
        var templateText: String { "Room <\(name)>" }
    }

    /// An object that, like `Instance`, is not Equatable.
    private struct Plain: TemplateObject {
        let name: String
        let score: Double
        let inner: [Part]
        let work: @Sendable () -> Void
        struct Part: Sendable { let number: Int? }
        subscript(member name: String) -> TemplateValue? { nil }
        var templateText: String { "plain" }
    }

    private final class Instance: TemplateObject {
        subscript(member name: String) -> TemplateValue? { nil }
        var templateText: String { "instance" }
    }

    @Test func `objects that are not Equatable are compared by their properties or identity`() throws {
        func plain(_ name: String, _ number: Int?) -> TemplateValue {
            .object(Plain(name: name, score: .nan, inner: [.init(number: number)], work: {}))
        }
        let instance = Instance()
        let values: [String: TemplateValue] = [
            "a": plain("x", 1), "b": plain("x", 2), "c": plain("y", 1), "d": plain("x", nil), "i": .object(instance),
            "j": .object(instance), "k": .object(Instance()),
        ]
        for (left, right, isSame) in [
            ("a", "a", true), ("a", "b", false), ("a", "c", false), ("a", "d", false), ("i", "j", true),
            ("i", "k", false), ("a", "i", false),
        ] {
            #expect(
                try render("{% if \(left) == \(right) %}same{% endif %}", values) == (isSame ? "same" : ""),
                "\(left) \(right)")
        }
        let list: TemplateValue = .list(["a", "a", "b", "i", "j", "k"].compactMap { values[$0] })
        #expect(
            try render("{% for o in l %}{% ifchanged o %}!{% else %}={% endifchanged %}{% endfor %}", ["l": list])
                == "!=!!=!")
        #expect(try render("{% if o in l %}in{% endif %}", ["l": list, "o": plain("x", 2)]) == "in")
    }

    private func render(_ text: String, _ values: [String: TemplateValue] = [:]) throws -> String {
        try TemplateEngine().template(text: text).render(values)
    }

    @Test func `text is escaped as Django escapes it`() {
        #expect(
            SafeString(escaping: "<a href=\"x\">&'</a>").text == "&lt;a href=&quot;x&quot;&gt;&amp;&#x27;&lt;/a&gt;")
    }

    @Test func `any Encodable value can be a template value`() throws {
        let message = Message(
            author: "Ann", text: nil, sent: Date(timeIntervalSince1970: 0), tags: ["a", "b"], score: 0.5)
        let text = "{{ m.author }} {{ m.text }} {{ m.sent|date:'Y-m-d' }} {{ m.tags|join:'+' }} {{ m.score }}"
        #expect(try render(text, ["m": TemplateValue(encoding: message)]) == "Ann None 1970-01-01 a+b 0.5")
        #expect(try render("{{ l.1.author }}", ["l": TemplateValue(encoding: [message, message])]) == "Ann")
    }

    @Test func `a custom object exposes only the members that it declares`() throws {
        let room = TemplateValue(Room(name: "<lobby>"))
        #expect(
            try render("{{ r }} {{ r.name }} {{ r.url }}[{{ r.description }}]", ["r": room])
                == "Room &lt;&lt;lobby&gt;&gt; &lt;lobby&gt; /room/&lt;lobby&gt;/[]")
        #expect(try render("{% if r == s %}same{% endif %}", ["r": room, "s": room]) == "same")
    }

    @Test func `a variable's value is never parsed as a template`() throws {
        #expect(try render("{{ a }}", ["a": "{{ b }}{% if %}"]) == "{{ b }}{% if %}")
    }

    @Test func `numbers print as Python prints them`() throws {
        let values: [TemplateValue] = [1.0, 1e16, 1e-5, 0.1, 100000, -0.0]
        #expect(try render("{{ a }}", ["a": .list(values)]) == "[1.0, 1e+16, 1e-05, 0.1, 100000, -0.0]")
    }

    @Test func `a date is shown in the engine's time zone, with the zone's name`() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let engine = TemplateEngine(timeZone: zone)
        let summer = TemplateValue.date(TemplateDate(Date(timeIntervalSince1970: 1_720_000_000)))
        #expect(try engine.template(text: "{{ a|date:'H:i T O' }}").render(["a": summer]) == "11:46 CEST +0200")
    }

    @Test func `now and timesince use the engine's clock`() throws {
        let engine = TemplateEngine(clock: { Date(timeIntervalSince1970: 86_400) })
        let text = "{% now 'Y-m-d H:i' %} {{ a|timesince }}"
        let start = TemplateValue.date(TemplateDate(year: 1970, month: 1, day: 1))
        #expect(try engine.template(text: text).render(["a": start]) == "1970-01-02 00:00 1\u{A0}day")
    }
}
