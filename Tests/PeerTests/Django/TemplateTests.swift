import Foundation
import StraitTemplates
import Testing

/// Compares rendered templates with Django. `Documentation/Templates.md` lists the intended differences.
@Suite(.serialized) struct TemplateTests {
    @Test(arguments: [
        "syntax", "if", "loops", "tags", "inheritance", "filters", "unescaped", "values", "dates", "html", "urls",
        "numbers",
        "points", "scalars", "marks",
    ])
    func `templates render, or fail, as in Django`(_ file: String) async throws {
        let path = Checkout.peer("templates/\(file).json")
        let cases = try TemplateCase.cases(of: Data(contentsOf: URL(fileURLWithPath: path)))
        let output = try await Peer.python("django/templates.py", path)
        let expected = try JSONDecoder().decode([TemplateCase.Result].self, from: Data(output.utf8))
        try #require(cases.count == expected.count && !cases.isEmpty)
        for (one, django) in zip(cases, expected) {
            let ours = one.render()
            // If both fail, the error texts may differ.
            let isSame =
                if let text = ours.text, let other = django.text { text.utf8.elementsEqual(other.utf8) } else {
                    ours.text == nil && django.text == nil
                }
            #expect(
                isSame,
                """
                \(one.template ?? one.name ?? "") with \
                \(one.context?["v"].map { $0.value.representation } ?? "its context")
                Django: \(django.text?.debugDescription ?? django.error ?? "")
                Strait: \(ours.text?.debugDescription ?? ours.error ?? "")
                """)
        }
    }
}
