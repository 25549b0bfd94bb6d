import StraitTemplates
import StraitText
import Testing

@Suite struct LibraryTests {
    private struct Repeat: TemplateNode {
        let count: FilterExpression
        let nodes: TemplateNodes
        var children: [TemplateNodes] { [nodes] }

        func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
            for _ in 0..<(try count.resolve(context).wholeNumber ?? 0) { try nodes.render(context, into: &output) }
        }
    }

    private var engine: TemplateEngine {
        var library = TemplateLibrary()
        library.filter("shout") { value, _ in .string(value.text.uppercased() + "!") }
        library.filter("times", argument: .optional) { value, argument, _ in
            .int((value.wholeNumber ?? 0) * (argument?.wholeNumber ?? 2))
        }
        library.filter("bold", isSafe: true) { value, environment in
            .safe(SafeString(format: "<b>{}</b>", value))
        }
        library.simpleTag("sum", ["first", "second="]) { arguments, _ in
            .int((arguments["first"]?.wholeNumber ?? 0) + (arguments["second"]?.wholeNumber ?? 10))
        }
        library.simpleTag("raw") { arguments, _ in arguments[0] ?? "" }
        library.simpleBlockTag("box", ["title"]) { content, arguments, _ in
            .safe(SafeString(format: "<div title=\"{}\">{}</div>", arguments["title"] ?? "", .safe(content)))
        }
        library.inclusionTag("card", template: "card.html", ["name"]) { arguments, _ in
            ["name": arguments["name"] ?? ""]
        }
        library.tag("repeat") { (parser, token) throws(TemplateError) in
            let words = token.splitContents()
            guard words.count == 2 else { throw TemplateError(.syntax, "'repeat' takes a number.") }
            let nodes = try parser.parse(until: "endrepeat")
            try parser.nextToken()
            return Repeat(count: try parser.compileFilter(words[1]), nodes: nodes)
        }
        return TemplateEngine(
            loaders: [EmbeddedLoader(["card.html": "[{{ name }}{{ other }}{% csrf_token %}]"])], builtins: [library])
    }

    private func render(_ text: String, _ values: [String: TemplateValue] = [:]) throws -> String {
        try engine.template(text: text).render(values)
    }

    @Test func `a custom filter takes a value and an optional argument`() throws {
        #expect(try render("{{ a|shout }} {{ 3|times }} {{ 3|times:5 }}", ["a": "<x>"]) == "&lt;X&gt;! 6 15")
        #expect(try render("{{ a|bold }}", ["a": "<x>"]) == "<b>&lt;x&gt;</b>")
    }

    @Test func `a simple tag prints its escaped result or stores it in a variable`() throws {
        #expect(try render("{% sum 1 2 %} {% sum 1 %} {% sum second=4 first=3 %}") == "3 11 7")
        #expect(try render("{% sum 1 2 as a %}[{{ a }}]") == "[3]")
        #expect(try render("{% raw a %}{% autoescape off %}{% raw a %}{% endautoescape %}", ["a": "<"]) == "&lt;<")
    }

    @Test(arguments: [
        "{% sum %}", "{% sum 1 2 3 %}", "{% sum third=1 %}", "{% sum 1 first=1 %}", "{% sum second=1 2 %}",
    ])
    func `invalid tag arguments are an error when the template is parsed`(text: String) {
        #expect(throws: TemplateError.self) { try engine.template(text: text) }
    }

    @Test func `a simple block tag receives its rendered content`() throws {
        #expect(try render("{% box '<a>' %}{{ b }}{% endbox %}", ["b": "&"]) == "<div title=\"<a>\">&amp;</div>")
        #expect(try render("{% box c as d %}x{% endbox %}{{ d }}", ["c": "<"]) == "<div title=\"&lt;\">x</div>")
    }

    @Test func `an inclusion tag renders its template with its own variables and the CSRF token`() throws {
        #expect(
            try render("{% card 'Ann' %}", ["other": "no", "csrf_token": "t"])
                == "[Ann<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"t\">]")
    }

    @Test func `a tag with a custom parser parses its content, including block tags`() throws {
        #expect(try render("{% repeat 3 %}{{ a }}{% endrepeat %}", ["a": 1]) == "111")
        #expect(try render("{% repeat n %}{% block a %}x{% endblock %}{% endrepeat %}", ["n": 2]) == "xx")
    }
}
