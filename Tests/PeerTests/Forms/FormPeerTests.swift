import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitTemplates
import StraitText
import StraitWeb
import Testing

/// Compares form fields and rendered forms with Django 5.2.
@Suite struct FormPeerTests {
    struct Outcome: Decodable, Equatable, CustomStringConvertible {
        var value: String?
        var errors: [[String]]?
        var description: String { value.map { "value \($0.debugDescription)" } ?? "\(errors ?? [])" }
    }

    /// The intended differences, with the keyword of the explanation in `Documentation/Forms.md`.
    private static let differences: [String: (Outcome, why: String)] = [
        "IntegerField １": (Outcome(errors: [["Enter a whole number.", "invalid"]]), "digits")
    ]

    @Test func `a field's input has the value or the errors that Django gives it`() async throws {
        let fields = try DjangoForms.corpus("fields", of: [PeerField].self)
        let theirs = try await DjangoForms.results("fields", of: [[Outcome]].self)
        let page = try String(contentsOfFile: Checkout.file("Documentation/Forms.md"), encoding: .utf8)
        for (field, outcomes) in zip(fields, theirs) {
            for (values, django) in zip(field.values, outcomes) {
                let made = try field.make()
                let form = PeerOneForm(made.field)
                form.bind(FormData(fields: QueryString(values.map { QueryString.Item(name: "field", value: $0) })))
                var ours = Outcome()
                if form.isValid {
                    ours.value = made.text()
                } else {
                    ours.errors = made.field.errors.map { [$0.message, $0.code] }
                }
                let name = "\(field.field) \(values.joined(separator: "|"))"
                if let difference = Self.differences[name] {
                    #expect(ours == difference.0, "\(name)")
                    #expect(page.contains("*\(difference.why)*"), "\(name) is not documented")
                } else if field.field == "FloatField" || field.field == "DecimalField", let value = ours.value,
                    !value.isEmpty
                {
                    // Both sides must have the same number, in any notation.
                    #expect(django.value.flatMap(Double.init) == Double(value), "\(name)")
                } else {
                    #expect(ours == django, "\(name) \(field.options)")
                }
            }
        }
    }

    struct Page: Decodable {
        let form: String
        let data: String?
        var prefix: String?
    }

    @Test func `a form is rendered as in Django, in each layout`() async throws {
        let pages = try DjangoForms.corpus("pages", of: [Page].self)
        let theirs = try await DjangoForms.results("pages", of: [[String]].self)
        for (page, django) in zip(pages, theirs) {
            let form: Form =
                page.form == "hidden" ? PeerHiddenForm(prefix: page.prefix) : PeerContactForm(prefix: page.prefix)
            if let data = page.data { form.bind(FormData(fields: QueryString(parsing: data))) }
            let ours = [form.asDiv, form.asP, form.asUL, form.asTable].map(\.description)
            for (index, (ours, django)) in zip(ours, django).enumerated() {
                let (left, right) = (lines(ours), lines(django))
                for (ours, django) in zip(left, right) where ours != django {
                    Issue.record("\(page.form) \(page.data ?? "-"), layout \(index): \(ours) != \(django)")
                    break
                }
                #expect(left.count == right.count)
            }
        }
    }

    /// The markup with one element per line and without whitespace between elements, which has no meaning.
    private func lines(_ html: String) -> [String] {
        html.replacing(#/>\s+/#, with: ">").replacing(#/\s+</#, with: "<").replacing("<", with: "\n<")
            .split(separator: "\n").map(String.init)
    }
}
