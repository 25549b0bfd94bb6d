import Testing

@testable import StraitWeb

@Suite struct HTMLTests {
    @Test func `text is escaped as Django escapes it`() {
        #expect(
            HTML(escaping: "<a href=\"x\">&'</a>").description == "&lt;a href=&quot;x&quot;&gt;&amp;&#x27;&lt;/a&gt;")
    }
}
