import StraitCore
import StraitTemplates
import StraitTesting
import Testing

@Suite struct FuzzTests {
    private static let pieces = [
        "{%", "%}", "{{", "}}", "{#", "#}", "{% ", " %}", "if", "elif", "else", "endif", "for", "in", "empty", "endfor",
        "a", "b.c", "l", "d.items", "|", ":", "\"x\"", "'", "\"", "\\", "=", "==", "and", "or", "not", "is", "1",
        "-1.5",
        "block", "endblock", "extends", "include", "'a.html'", "with", "endwith", "as", "cycle", "ifchanged",
        "endifchanged", "filter", "endfilter", "upper", "truncatechars", "floatformat", "stringformat", "slice",
        "urlize", "striptags", "date", "verbatim", "endverbatim", "regroup", "by", "widthratio", "autoescape", "on",
        "spaceless", "endspaceless", " ", "\n", "<b>", "&", "é", "🌍", "\r\n", ",", "now", "lorem", "w", "querystring",
        "comment", "endcomment", "firstof", "reversed", "load", "static", "url", "\u{0}",
    ]

    private static let templates = [
        """
        {% for a in l %}{{ a|upper|truncatechars:3 }}{% cycle 'x' a as c %}{% ifchanged %}{{ c }}{% endifchanged %}\
        {% empty %}e{% endfor %}
        """,
        """
        {% extends 'a.html' %}{% block b %}{{ block.super }}{% if a and b.c in l or not d %}x{% else %}y{% endif %}\
        {% endblock %}
        """,
        """
        {% with a=1 b='x y' %}{% include 'a.html' with l=d.items only %}{% filter lower|cut:' ' %}\
        {{ a|stringformat:'05.2f' }}{% endfilter %}{% endwith %}
        """,
        """
        {{ h|striptags }}{{ h|truncatewords_html:2 }}{{ h|urlize }}{{ f|floatformat:'-3g' }}\
        {{ l|slice:'1::-1'|join:', ' }}{{ t|date:'D d M Y' }}
        """,
    ]

    private static let engine = TemplateEngine(
        loaders: [
            EmbeddedLoader(["a.html": "<{% block b %}{{ a }}{% endblock %}>{% for k, v in l %}{{ k }}{% endfor %}"])
        ])

    private static let values: [String: TemplateValue] = [
        "a": "<a>", "b": ["c": 5], "l": [1, "two", [3, 4], .none], "d": ["k": "v", "n": 1.5], "f": 1234.5678,
        "h": "<p>one <b>two</b> &amp; http://x.com <br three", "t": .date(TemplateDate(year: 2024, month: 2, day: 29)),
    ]

    private func check(_ text: String) {
        do { _ = try Self.engine.template(text: text, name: "fuzz.html").render(Self.values) } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test func `a random sequence of tokens renders or throws an error with a description`() async throws {
        try await withSeeds(40) { seed in
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<50 {
                let count = Int.random(in: 1...40, using: &generator)
                check((0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined())
                let tags = (0..<count).map { _ in
                    let words = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                        Self.pieces.randomElement(using: &generator) ?? ""
                    }
                    return "{% \(words.joined(separator: " ")) %}"
                }
                check(tags.joined())
            }
        }
    }

    @Test func `a randomly mutated template renders or throws an error with a description`() async throws {
        try await withSeeds(40) { seed in
            var generator = SeededGenerator(seed: seed)
            for template in Self.templates {
                for _ in 0..<20 {
                    var scalars = Array(template.unicodeScalars)
                    for _ in 0..<Int.random(in: 1...4, using: &generator) {
                        let place = Int.random(in: 0..<scalars.count, using: &generator)
                        switch Int.random(in: 0...2, using: &generator) {
                        case 0: scalars.remove(at: place)
                        case 1:
                            scalars.insert(
                                contentsOf: (Self.pieces.randomElement(using: &generator) ?? "").unicodeScalars,
                                at: place)
                        default: scalars[place] = scalars.randomElement(using: &generator) ?? "x"
                        }
                    }
                    check(String(String.UnicodeScalarView(scalars)))
                }
            }
        }
    }
}
