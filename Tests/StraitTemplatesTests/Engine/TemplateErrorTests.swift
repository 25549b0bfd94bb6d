import StraitTemplates
import Testing

@Suite struct ErrorTests {
    /// Renders `text` as `chat/room.html` and returns the error that it throws.
    private func failure(
        _ text: String, _ values: [String: TemplateValue] = [:], others: [String: String] = [:]
    ) throws -> TemplateError {
        let templates = others.merging(["chat/room.html": text]) { $1 }
        let engine = TemplateEngine(loaders: [EmbeddedLoader(templates)])
        do {
            let result = try engine.render("chat/room.html", values)
            Issue.record("Expected an error, rendered \(result)")
            return TemplateError(.custom, "")
        } catch {
            return error
        }
    }

    @Test func `the error for an unclosed tag names the tag and its line`() throws {
        let error = try failure("a\n<p>\n  {% if a %}\nb")
        #expect(
            error.description
                == """
                chat/room.html, line 3: 'if' is not closed. Expected {% elif %} or {% else %} or {% endif %} before \
                the end of the template.
                """
        )
        #expect(error.code == .syntax)
        #expect(error.line == 3)
        #expect(error.column == 3)
    }

    @Test func `the error for a mismatched closing tag lists the expected tags`() throws {
        let error = try failure("{% for a in b %}\n{% endif %}")
        #expect(
            error.description
                == """
                chat/room.html, line 2: Invalid block tag 'endif', expected {% empty %} or {% endfor %} for 'for' on \
                line 1.
                """
        )
    }

    @Test func `the error for a tag or filter of an unloaded library names the library`() throws {
        var library = TemplateLibrary()
        library.simpleTag("shout") { _, _ in "!" }
        library.filter("loud") { value, _ in value }
        let engine = TemplateEngine(libraries: ["voices": library])
        #expect(throws: TemplateError.self) { try engine.template(text: "{% shout %}") }
        do { _ = try engine.template(text: "{% shout %}") } catch {
            #expect(error.message == "Invalid block tag 'shout'. Put {% load voices %} before it.")
        }
        do { _ = try engine.template(text: "{{ a|loud }}") } catch {
            #expect(error.message == "Invalid filter 'loud'. Put {% load voices %} before it.")
        }
        #expect(try engine.template(text: "{% load voices %}{% shout %}").render() == "!")
    }

    @Test func `the error for a missing template lists the paths that were tried`() throws {
        let engine = TemplateEngine(loaders: [FolderLoader("/nowhere/a", "/nowhere/b")])
        do {
            _ = try engine.render("x.html")
            Issue.record("Expected an error for a missing template")
        } catch {
            #expect(error.code == .notFound)
            #expect(
                error.description
                    == """
                    The template 'x.html' does not exist. Add it in one of these places, which were tried:
                    - /nowhere/a/x.html
                    - /nowhere/b/x.html
                    """
            )
        }
    }

    @Test func `an error in an included template names that template`() throws {
        let error = try failure("\n{% include 'part.html' %}", others: ["part.html": "{{ a|nosuch }}"])
        #expect(error.template == "part.html")
        #expect(error.line == 1)
    }

    @Test func `an error while rendering names the tag's line`() throws {
        let error = try failure("a\n{% for a, b in c %}{% endfor %}", ["c": [[1, 2, 3]]])
        #expect(error.line == 2)
        #expect(error.code == .badValue)
        #expect(error.message.hasPrefix("'for' has 2 names, but an element has 3 values"))
    }

    @Test func `an undefined variable as a filter argument is an error`() throws {
        let error = try failure("{{ a|default:b }}")
        #expect(error.code == .missingVariable)
        #expect(error.message.contains("'b', which is not in the context"))
    }

    @Test(arguments: ["{% include 'chat/room.html' %}", "{% if a %}{% include 'chat/room.html' %}{% endif %}"])
    func `a template that includes itself endlessly is an error`(text: String) throws {
        #expect(try failure(text, ["a": true]).code == .tooDeep)
    }

    @Test func `a template that extends itself is an error`() throws {
        let error = try failure("{% extends 'chat/room.html' %}")
        #expect(error.code == .notFound)
        #expect(error.message.contains("skipped, as it is being extended"))
    }

    @Test func `tags or conditions nested too deeply are an error, not a crash`() throws {
        let text = String(repeating: "{% if a %}", count: 5000)
        #expect(try failure(text).code == .tooDeep)
        let condition = Array(repeating: "not", count: 5000).joined(separator: " ")
        #expect(try failure("{% if \(condition) a %}{% endif %}").code == .tooDeep)
    }

    @Test func `the error for a custom filter that throws names the filter, template and line`() throws {
        struct Broken: Error, CustomStringConvertible { var description: String { "no more ink" } }
        var library = TemplateLibrary()
        library.filter("print") { _, _ in throw Broken() }
        let engine = TemplateEngine(builtins: [library])
        do {
            _ = try engine.template(text: "\n\n{{ 'a'|print }}", name: "a.html").render()
            Issue.record("Expected an error from the filter")
        } catch {
            #expect(error.description == "a.html, line 3: The filter 'print' failed: no more ink")
        }
    }
}
