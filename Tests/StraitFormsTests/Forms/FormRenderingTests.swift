import FormScripts
import StraitCore
import StraitForms
import StraitHTTP
import StraitText
import Testing

@Suite struct TypedFormTests {
    private func contact(_ pairs: KeyValuePairs<String, String>) -> ContactForm {
        ContactForm(FormData(pairs))
    }

    @Test func `a valid form has the typed values of its fields`() {
        let form = contact(["name": " Ada ", "email": "", "age": "36", "colour": "g"])
        #expect(form.isValid)
        #expect(form.name.value == "Ada" && form.email.value == "" && form.age.value == 36)
        #expect(form.colour.value == "g")
        #expect(form.errors.isEmpty && form.status == .ok)
    }

    @Test func `an unbound form is not valid and has no errors`() {
        let form = ContactForm()
        #expect(!form.isBound && !form.isValid && form.errors.isEmpty && form.status == .ok)
    }

    @Test func `errors are listed by field, and form-wide errors under __all__`() {
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

    @Test func `a GET request leaves the form unbound, and a POST request binds it`() async throws {
        let get = Request(scope: Scope(path: "/", queryString: "name=x"))
        #expect(try await ContactForm(get).isBound == false)
        let post = Request("application/x-www-form-urlencoded", "name=Ada&colour=r")
        let form = try await ContactForm(post)
        #expect(form.isValid && form.name.value == "Ada")
    }

    @Test func `a prefix separates several forms on one page`() {
        let form = ContactForm(FormData(["one-name": "Ada", "name": "no", "one-colour": "r"]), prefix: "one")
        #expect(form.isValid && form.name.value == "Ada")
        #expect(form.name.html.description.contains("name=\"one-name\" value=\"Ada\""))
        #expect(form.name.id == "id_one-name")
    }

    @Test func `accessing a field's value or errors validates it`() {
        let form = contact(["name": "", "colour": "r", "age": "20"])
        #expect(form.name.errorList.description.contains("This field is required."))
        let other = contact(["name": "Ada", "colour": "r", "age": "20"])
        #expect(other.age.value == 20 && other.age.errors.isEmpty)
    }

    @Test func `a form inherits the fields of its superclass`() {
        final class Longer: Middle { let last = CharField() }
        #expect(Longer().fields.map(\.name) == ["first", "last"])
    }

    class Middle: Form { let first = CharField() }

    @Test func `a field's property name becomes its label unless one is given`() {
        final class Names: Form {
            let firstName = CharField()
            let agree = BooleanField(label: "Do you agree?")
        }
        let form = Names()
        #expect(form.firstName.label == "First name")
        #expect(form.agree.labelTag.description == "<label for=\"id_agree\">Do you agree?</label>")
    }

    // MARK: Rendering

    @Test func `a rendered form shows the submitted values, escaped, with their errors`() {
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

    @Test func `an error message that contains a submitted value is escaped`() {
        let html = contact(["name": "a", "colour": "<i>"]).asP.description
        #expect(html.contains("Select a valid choice. &lt;i&gt; is not"))
        #expect(!html.contains("<i>"))
    }

    @Test func `a submitted password is never rendered`() {
        let form = OneField(CharField(widget: .password))
        form.bind(FormData(["field": "secret"]))
        #expect(!form.asDiv.description.contains("secret"))
    }

    @Test func `form-wide errors and errors of hidden fields are rendered first`() {
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

    @Test func `a form with a file field is multipart`() {
        #expect(OneField(FileField()).isMultipart)
        #expect(!ContactForm().isMultipart)
    }

    @Test func `an initial value is rendered only in an unbound form`() {
        let form = ContactForm()
        form.name.initial = "Ada"
        #expect(form.name.html.description.contains("value=\"Ada\""))
        #expect(contact(["colour": "r"]).name.html.description.contains("value") == false)
    }
}
