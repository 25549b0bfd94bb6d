import StraitForms
import StraitHTTP
import StraitTemplates
import StraitWeb
import Testing

@Suite struct FormObjectTests {
    private final class Order: Form {
        let name = CharField(initial: "Ann")
        let count = IntegerField()
        let sizes = MultipleChoiceField(choices: ["s", "m", "l"], required: false)

        override func clean() throws {
            if name.value == "Bob" { throw ValidationError("Not <Bob>.") }
        }
    }

    private func data(_ pairs: KeyValuePairs<String, String>) -> FormData {
        FormData(fields: QueryString(pairs.map { QueryString.Item(name: $0.key, value: $0.value) }))
    }

    @Test func `a template can access field values and all errors by field`() throws {
        func text(_ form: Form) throws -> String {
            try TemplateEngine().template(
                text: "{{ form.name.value }}|{{ form.count.value }}|{{ form.sizes.value|join:'+' }}|{{ form.errors }}"
            ).render(["form": TemplateValue(form)])
        }
        let empty = try text(Order())
        #expect(empty == "Ann|None|None|")
        let sent = Order(data(["name": "<Bob>", "count": "x", "sizes": "s", "sizes": "l"]))
        #expect(
            try text(sent)
                == "&lt;Bob&gt;|x|s+l|<ul class=\"errorlist\"><li>count<ul class=\"errorlist\">"
                + "<li>Enter a whole number.</li></ul></li></ul>")
        let refused = Order(data(["name": "Bob", "count": "1"]))
        #expect(
            try text(refused).hasSuffix(
                "<li>__all__<ul class=\"errorlist nonfield\"><li>Not &lt;Bob&gt;.</li></ul></li></ul>"))
    }
}
