import StraitTemplates
import Testing

@Suite struct EngineTests {
    @Test func `a template renders its variables`() throws {
        let engine = TemplateEngine(loaders: [EmbeddedLoader(["a.html": "Hello {{ name }}!"])])
        #expect(try engine.render("a.html", ["name": "<Ann>"]) == "Hello &lt;Ann&gt;!")
    }
}
