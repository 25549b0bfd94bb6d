import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitTemplates
import StraitWeb
import Testing

@Suite struct TypedFormTests {
    private func contact(_ pairs: KeyValuePairs<String, String>) -> ContactForm {
        ContactForm(FormData(pairs))
    }

    @Test func `a form that was sent well has the values of its fields, with their types`() {
        let form = contact(["name": " Ada ", "email": "", "age": "36", "colour": "g"])
        #expect(form.isValid)
        #expect(form.name.value == "Ada" && form.email.value == "" && form.age.value == 36)
        #expect(form.colour.value == "g")
        #expect(form.errors.isEmpty && form.status == .ok)
    }

    @Test func `a form that was not sent is neither valid nor wrong`() {
        let form = ContactForm()
        #expect(!form.isBound && !form.isValid && form.errors.isEmpty && form.status == .ok)
    }

    @Test func `errors are with their fields, and those of the form as a whole by themselves`() {
        let form = contact(["name": "", "age": "7", "colour": "x", "email": "a"])
        #expect(!form.isValid && form.status == .unprocessableContent)
        #expect(form.errors["name"]?.map(\.code) == ["required"])
        #expect(form.errors["age"]?.map(\.message) == ["Ensure this value is greater than or equal to 18."])
        #expect(
            form.errors["colour"]?.map(\.message) == [
                "Select a valid choice. x is not one of the available choices."
            ])
        #expect(form.errors["email"]?.map(\.message) == ["Enter a valid email address."])
        let same = contact(["name": "a@b.co", "email": "a@b.co", "colour": "r"])
        #expect(same.errors["__all__"]?.map(\.message) == ["Name and address are the same."])
        let taken = contact(["name": "nobody", "colour": "r"])
        #expect(taken.errors["name"] == [ValidationError("Nobody is taken.", code: "taken")])
        #expect(taken.name.value == "")
    }

    @Test func `a request with a safe method shows the form, another sends it`() async throws {
        let get = Request(scope: Scope(path: "/", queryString: "name=x"))
        #expect(try await ContactForm(get).isBound == false)
        let post = Request("application/x-www-form-urlencoded", "name=Ada&colour=r")
        let form = try await ContactForm(post)
        #expect(form.isValid && form.name.value == "Ada")
    }

    @Test func `several forms share a page by their prefixes`() {
        let form = ContactForm(FormData(["one-name": "Ada", "name": "no", "one-colour": "r"]), prefix: "one")
        #expect(form.isValid && form.name.value == "Ada")
        #expect(form.name.html.description.contains("name=\"one-name\" value=\"Ada\""))
        #expect(form.name.id == "id_one-name")
    }

    @Test func `a field alone is checked when it is asked`() {
        let form = contact(["name": "", "colour": "r", "age": "20"])
        #expect(form.name.errorList.description.contains("This field is required."))
        let other = contact(["name": "Ada", "colour": "r", "age": "20"])
        #expect(other.age.value == 20 && other.age.errors.isEmpty)
    }

    @Test func `a form inherits the fields of the class above`() {
        final class Longer: Middle { let last = CharField() }
        #expect(Longer().fields.map(\.name) == ["first", "last"])
    }

    class Middle: Form { let first = CharField() }

    @Test func `names become labels`() {
        final class Names: Form {
            let firstName = CharField()
            let agree = BooleanField(label: "Do you agree?")
        }
        let form = Names()
        #expect(form.firstName.label == "First name")
        #expect(form.agree.labelTag.description == "<label for=\"id_agree\">Do you agree?</label>")
    }

    // MARK: Rendering

    @Test func `what was sent is shown again, escaped, with its errors beside it`() {
        let form = contact(["name": "<script>\"'&", "email": "\"><img onerror=x>", "colour": "r"])
        let html = form.asDiv.description
        #expect(!html.contains("<script>") && !html.contains("<img"))
        #expect(html.contains("value=\"&lt;script&gt;&quot;&#x27;&amp;\""))
        #expect(html.contains("Green &amp; &lt;b&gt;"))
        #expect(
            html.contains(
                "<ul class=\"errorlist\" id=\"id_email_error\"><li>Enter a valid email address.</li></ul>"))
        #expect(html.contains("aria-invalid=\"true\" aria-describedby=\"id_email_error\" id=\"id_email\""))
        #expect(html.contains("aria-describedby=\"id_name_helptext\""))
    }

    @Test func `an error's text is escaped, even with what was sent in it`() {
        let html = contact(["name": "a", "colour": "<i>"]).asP.description
        #expect(html.contains("Select a valid choice. &lt;i&gt; is not"))
        #expect(!html.contains("<i>"))
    }

    @Test func `a password is never sent back`() {
        let form = OneField(CharField(widget: .password))
        form.bind(FormData(["field": "secret"]))
        #expect(!form.asDiv.description.contains("secret"))
    }

    @Test func `errors of the form as a whole and of hidden fields come first`() {
        final class Hidden: Form {
            let secret = CharField(widget: .hidden)
            let name = CharField()
            override func clean() throws { throw ValidationError("All wrong.") }
        }
        let html = Hidden(FormData(["name": "a"])).asDiv.description
        #expect(
            html.hasPrefix(
                "<ul class=\"errorlist nonfield\"><li>All wrong.</li>"
                    + "<li>(Hidden field secret) This field is required.</li></ul>"))
        #expect(html.contains("<input type=\"hidden\" name=\"secret\" id=\"id_secret\">"))
    }

    @Test func `a form with a file says that it is multipart`() {
        #expect(OneField(FileField()).isMultipart)
        #expect(!ContactForm().isMultipart)
    }

    @Test func `an initial value is shown, and not taken`() {
        let form = ContactForm()
        form.name.initial = "Ada"
        #expect(form.name.html.description.contains("value=\"Ada\""))
        #expect(contact(["colour": "r"]).name.html.description.contains("value") == false)
    }

    private final class Order: Form {
        let name = CharField(initial: "Ann")
        let count = IntegerField()
        let sizes = MultipleChoiceField(choices: ["s", "m", "l"], required: false)

        override func clean() throws {
            if name.value == "Bob" { throw ValidationError("Not <Bob>.") }
        }
    }

    @Test func `a template finds a field's value, and all errors with their fields`() throws {
        func text(_ form: Form) throws -> String {
            try TemplateEngine().template(
                text: "{{ form.name.value }}|{{ form.count.value }}|{{ form.sizes.value|join:'+' }}|{{ form.errors }}"
            ).render(["form": TemplateValue(form)])
        }
        let empty = try text(Order())
        #expect(empty == "Ann|None|None|")
        let sent = Order(FormData(["name": "<Bob>", "count": "x", "sizes": "s", "sizes": "l"]))
        #expect(
            try text(sent)
                == "&lt;Bob&gt;|x|s+l|<ul class=\"errorlist\"><li>count<ul class=\"errorlist\">"
                + "<li>Enter a whole number.</li></ul></li></ul>")
        let refused = Order(FormData(["name": "Bob", "count": "1"]))
        #expect(
            try text(refused).hasSuffix(
                "<li>__all__<ul class=\"errorlist nonfield\"><li>Not &lt;Bob&gt;.</li></ul></li></ul>"))
    }
}
