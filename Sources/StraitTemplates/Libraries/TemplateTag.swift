/// A tag, before it is compiled: makes a node of its token, and where it has an end takes all up to that.
struct TemplateTag: Sendable {
    typealias Compile = @Sendable (TemplateParser, TemplateToken) throws(TemplateError) -> any TemplateNode

    let compile: Compile
}
