import StraitTesting
import StraitText
import Testing

@testable import StraitTemplates

/// Filters and tags take linear time for any text.
@Suite struct `Long runs of combining marks` {
    private static let engine = TemplateEngine(reverse: { name, _, _, _ in "/\(name)/" })
    private static let filters = engine.builtinFilters.keys.sorted()

    /// Measures how the time to render `template` grows when its variables' text doubles in size.
    ///
    /// `v` and `w` are equal texts of combining marks without shared storage. `x` differs from them at its end. The
    /// other variables contain these texts.
    private func growth(_ template: String) throws -> Double {
        let parsed = try Self.engine.template(text: template)
        return TimeGrowth.smallest(from: 64 << 10) { size -> [String: TemplateValue] in
            let text = CombiningMarks.text(bytes: size)
            let values: [TemplateValue] = [.string(text), .string(CombiningMarks.text(bytes: size))]
            var names = TemplateDictionary((0..<20).map { (key: "n\($0)", value: .int($0)) })
            names[text] = 1
            return [
                "v": values[0], "w": values[1], "x": .string(text + "\u{323}"), "l": .list(values),
                "d": .dictionary(names),
                "h": .safe(SafeString("<\(text) \(text)='\(text)'>\(text)</\(text)>&\(text);")),
                "rows": .list(values.map { ["v": $0] } + [["v": .string(text + "b")]]),
                "q": .object(QueryValues([(text, text), (text, "b"), ("c", text)])),
            ]
        } _: { values in
            // Throwing an error is acceptable, too.
            _ = try? parsed.render(values)
        }
    }

    @Test(arguments: filters)
    func `a filter's time grows linearly with its input`(name: String) throws {
        let filter = try #require(Self.engine.builtinFilters[name])
        var templates: [String] = []
        if filter.argument != .required { templates.append("{{ v|\(name) }}") }
        if filter.argument != .none {
            // A long separator makes the result of `join` long, which takes time.
            templates += [name == "join" ? "'-'" : "x", "3", "'b'", "'\u{301}'"].map { "{{ v|\(name):\($0) }}" }
            templates.append("{{ 5|\(name):v }}")
        }
        templates += [filter.argument == .required ? "{{ h|\(name):30000 }}" : "{{ h|\(name) }}"]
        for template in templates {
            let growth = try growth(template)
            #expect(growth < 2.5, "\(template)")
        }
    }

    @Test(arguments: [
        "{% if v == w %}x{% endif %}{% if v != x %}x{% endif %}{% if v < x %}x{% endif %}{% if x >= v %}x{% endif %}",
        "{% if v in w %}x{% endif %}{% if x in v %}x{% endif %}{% if v in l %}x{% endif %}{% if x in l %}x{% endif %}",
        "{% if v in d %}x{% endif %}{% if x in d %}x{% endif %}{% if v in q %}x{% endif %}{% if v is w %}x{% endif %}",
        """
        {% for r in rows %}{% ifchanged r.v %}x{% endifchanged %}{% ifchanged %}{{ r.v }}{% endifchanged %}\
        {% endfor %}
        """,
        "{% regroup rows by v as g %}{% for x in g %}{{ x.grouper }}{% endfor %}{{ g }}",
        """
        {{ rows|dictsort:'v' }}{{ rows|dictsortreversed:'v' }}{{ rows|dictsort:v }}{{ l|dictsort:v }}\
        {{ l|dictsort:0 }}
        """,
        "{{ d.n3 }}{{ d.items }}{{ d|pprint }}{{ q.c }}{{ q.urlencode }}{{ q }}{{ q.lists }}",
        "{% querystring q c=v %}{% querystring q c=None %}{% querystring d %}",
        "{{ v.upper }}{{ v.title }}{{ v.isupper }}",
        "{{ v.strip }}{{ v.split }}{{ v.splitlines }}{{ v.capitalize }}{{ v.swapcase }}{{ v.isalpha }}{{ v.0 }}",
        """
        {% with v as y %}{{ y }}{% endwith %}{% firstof v w %}{% cycle v w as c %}{% autoescape off %}{{ v }}\
        {% endautoescape %}
        """,
        "{% filter upper %}{{ v }}{% endfilter %}{% spaceless %}<b> {{ v }} </b>{% endspaceless %}{{ h|striptags }}",
        "{% widthratio v 1 2 %}", "{% widthratio 1 v 2 %}", "{% widthratio 1 2 v %}", "{% url v v %}",
        "{% url 'x' a=v %}",
        "{% include v %}", "{% extends v %}", "{% static v %}", "{% lorem v w %}", "{% now 'Y' as v %}",
        "{{ l|join:v }}",
    ])
    func `a tag's time grows linearly with its input`(template: String) throws {
        let growth = try growth(template)
        #expect(growth < 2.5)
    }

    @Test func `a substring search takes linear time in repetitive text`() {
        let growth = TimeGrowth.smallest(from: 64 << 10) {
            String(repeating: "a", count: $0)
        } _: { text in
            let isFound = PythonText.contains(text, String(repeating: "a", count: text.utf8.count / 2) + "b")
            #expect(!isFound)
        }
        #expect(growth < 2.5)
    }

    @Test func `names that look the same but differ in their Unicode scalars are distinct`() {
        var dictionary: TemplateDictionary = ["e\u{301}": 1]
        dictionary["\u{E9}"] = 2
        for number in 0..<20 { dictionary["n\(number)"] = .int(number) }
        #expect(dictionary["e\u{301}"]?.wholeNumber == 1)
        #expect(dictionary["\u{E9}"]?.wholeNumber == 2)
        let query = QueryValues(query: "e%CC%81=1&%C3%A9=2&=\u{301}3")
        #expect(query[all: "e\u{301}"] == ["1"])
        #expect(query[all: "\u{E9}"] == ["2"])
        #expect(query[all: ""] == ["\u{301}3"])
        #expect(SafeString("e\u{301}") != SafeString("\u{E9}"))
    }
}
